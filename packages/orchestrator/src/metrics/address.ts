import { ConfigurationError } from '@winnow/core';

export interface Address {
  readonly host: string;
  readonly port: number;
}

const LOOPBACK = '127.0.0.1';

/** `9464` and `:9464` listen on this machine only; `0.0.0.0:9464` or `[::]:9464` on all of its addresses. Port 0 = any free. */
export function parseAddress(text: string): Address {
  const [, bracketed, plain, digits = ''] =
    /^(?:(?:\[([0-9a-f:.]+)\]|([^:[\]]*)):)?(\d{1,5})$/i.exec(text) ?? [];
  const port = Number(digits);
  if (digits !== '' && port < 65_536)
    return { host: bracketed ?? (plain === '' ? LOOPBACK : plain) ?? LOOPBACK, port };
  throw new ConfigurationError(`--metrics-addr must be PORT or HOST:PORT, got ${text}`, {
    hint: 'give a port, such as 9464',
  });
}
