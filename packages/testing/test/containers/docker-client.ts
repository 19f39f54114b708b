import { request } from 'node:http';
import { json } from 'node:stream/consumers';
import { buffer } from 'node:stream/consumers';

/** Speaks to a Docker Engine API as moto's client does. */
export interface DockerClient {
  /** Creates and starts; gives the container's id. */
  run(name: string, spec: object): Promise<string>;
  /** Resolves with the exit code when it has ended. */
  wait(id: string): Promise<number>;
  status(id: string): Promise<string>;
  kill(id: string): Promise<void>;
  /** What it wrote so far, without the frames' headers. */
  log(id: string): Promise<string>;
}

export function dockerClient(socketPath: string): DockerClient {
  const call = (method: string, path: string, body?: object) =>
    new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
      const sent = request({ socketPath, method, path: `/v1.41${path}` }, resolve);
      sent.once('error', reject);
      sent.end(body && JSON.stringify(body));
    });
  const callJson = async (method: string, path: string, body?: object): Promise<unknown> =>
    json(await call(method, path, body));
  return {
    run: async (name, spec) => {
      const { Id } = (await callJson('POST', `/containers/create?name=${name}`, spec)) as { Id: string };
      await buffer(await call('POST', `/containers/${Id}/start`));
      return Id;
    },
    wait: async (id) => {
      const { StatusCode } = (await callJson('POST', `/containers/${id}/wait`)) as { StatusCode: number };
      return StatusCode;
    },
    status: async (id) => {
      const { State } = (await callJson('GET', `/containers/${id}/json`)) as { State: { Status: string } };
      return State.Status;
    },
    kill: async (id) => {
      await buffer(await call('POST', `/containers/${id}/kill`));
    },
    log: async (id) => {
      const frames = await buffer(await call('GET', `/containers/${id}/logs?stdout=1&stderr=1`));
      const lines: string[] = [];
      for (let at = 0; at < frames.length;) {
        const length = frames.readUInt32BE(at + 4);
        lines.push(frames.toString('utf8', at + 8, at + 8 + length));
        at += 8 + length;
      }
      return lines.join('');
    },
  };
}
