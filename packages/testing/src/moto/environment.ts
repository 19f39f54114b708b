export interface MotoOptions {
  /** Path of the unix socket on which moto's Batch finds a Docker Engine API for its containers. */
  readonly dockerSocket?: string;
}

/** What of a machine's own Docker must not leak into the client that moto makes. */
const DOCKER_VARIABLES = ['DOCKER_HOST', 'DOCKER_TLS_VERIFY', 'DOCKER_CERT_PATH'];

/** The environment of a moto server on that port. */
export function motoEnvironment(
  inherited: NodeJS.ProcessEnv,
  port: number,
  options: MotoOptions,
): NodeJS.ProcessEnv {
  const kept = Object.entries(inherited).filter(([name]) => !DOCKER_VARIABLES.includes(name));
  const docker =
    options.dockerSocket === undefined
      ? {}
      : { DOCKER_HOST: `unix://${options.dockerSocket}`, MOTO_DOCKER_NETWORK_MODE: 'host' };
  return { ...Object.fromEntries(kept), ...docker, MOTO_PORT: String(port) };
}
