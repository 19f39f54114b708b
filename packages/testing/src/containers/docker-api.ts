import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Container, ContainerSpec } from './container.ts';
import { logFrames } from './log.ts';

/** Docker's clients give up a request after 60 s. */
const LONGEST_ANSWER_MS = 50_000;

/** What the API acts on. */
export interface ContainerStore {
  create(name: string, spec: ContainerSpec): Container;
  find(id: string): Container | undefined;
  remove(id: string): void;
}

type Answer =
  | { readonly status: number; readonly body: object }
  | { readonly status: 200; readonly stream: Buffer }
  | { readonly status: 204 };

/** As much of the Docker Engine API as moto's Batch uses: https://docs.docker.com/reference/api/engine/version/v1.41/ */
export function dockerApi(store: ContainerStore): Server {
  const server = createServer((request, response) => {
    answer(store, request)
      .catch((error: unknown) => ({ status: 500, body: { message: String(error) } }))
      .then((reply) => send(response, reply))
      .catch(() => response.destroy());
  });
  // A client's pooled connection must not end under its next request.
  server.keepAliveTimeout = 0;
  return server;
}

async function answer(store: ContainerStore, request: IncomingMessage): Promise<Answer> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://docker');
  const path = pathname.replace(/^\/v[\d.]+(?=\/)/, '');
  if (path === '/version') return { status: 200, body: { ApiVersion: '1.41', MinAPIVersion: '1.12' } };
  if (path === '/containers/create') {
    const spec = (await json(request)) as ContainerSpec;
    return { status: 201, body: { Id: store.create(searchParams.get('name') ?? '', spec).id, Warnings: [] } };
  }
  const [, id = '', action = ''] = /^\/containers\/([0-9a-f]+)(?:\/(\w+))?$/.exec(path) ?? [];
  const container = store.find(id);
  if (!container) return { status: 404, body: { message: `No such container or path: ${path}` } };
  if (request.method === 'DELETE') {
    store.remove(id);
    return { status: 204 };
  }
  return act(container, action, searchParams);
}

async function act(container: Container, action: string, query: URLSearchParams): Promise<Answer> {
  switch (action) {
    case 'json':
      return { status: 200, body: inspection(container) };
    case 'start':
      void container.run();
      return { status: 204 };
    case 'kill':
    case 'stop':
      container.stop();
      // Docker answers a kill at once. Here the log is whole when it is asked for next.
      await Promise.race([container.ended, sleep(LONGEST_ANSWER_MS, undefined, { ref: false })]);
      return { status: 204 };
    case 'wait':
      await container.ended;
      return { status: 200, body: { StatusCode: container.exitCode } };
    case 'logs': {
      const asked = (name: string): boolean => ['1', 'true', 'True'].includes(query.get(name) ?? '');
      const [stdout, stderr, timestamps] = [asked('stdout'), asked('stderr'), asked('timestamps')];
      return { status: 200, stream: logFrames(container.log, { stdout, stderr, timestamps }) };
    }
    default:
      return { status: 404, body: { message: `not a thing to do with a container: ${action}` } };
  }
}

/** A container that waits for a place counts as running: moto takes every other state for its end. */
function inspection({ id, name, spec, state, exitCode }: Container): object {
  const running = state === 'waiting' || state === 'running';
  const ended = state === 'ended';
  return {
    Id: id,
    Name: `/${name.jobId}`,
    Image: spec.Image,
    Config: { Tty: false, Image: spec.Image, Labels: {} },
    HostConfig: {},
    NetworkSettings: { Networks: {}, IPAddress: '127.0.0.1' },
    State: {
      Status: running ? 'running' : ended ? 'exited' : state,
      Running: running,
      ExitCode: ended ? exitCode : 0,
    },
  };
}

function send(response: ServerResponse, reply: Answer): void {
  if ('stream' in reply) {
    response.writeHead(reply.status, { 'content-type': 'application/vnd.docker.raw-stream' });
    response.end(reply.stream);
  } else if ('body' in reply) {
    response.writeHead(reply.status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(reply.body));
  } else {
    response.writeHead(reply.status);
    response.end();
  }
}
