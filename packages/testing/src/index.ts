// Real servers for tests, on the loopback only.

export { startMoto, type Moto } from './moto/moto.ts';
export type { MotoOptions } from './moto/environment.ts';
