import type { Forward } from '../proxy/rewrite.ts';
import type { Reply } from '../proxy/reply.ts';

/** Moto's own Batch, asked in the name of a client. */
export interface MotoBatch {
  /** @throws MotoRefusal where moto does not answer with 200. */
  call(operation: string, request: object): Promise<unknown>;
}

/** What moto refuses is passed on as it is. */
export class MotoRefusal extends Error {
  readonly reply: Reply;
  constructor(operation: string, reply: Reply) {
    super(`moto refuses ${operation}: ${reply.body.toString()}`);
    this.reply = reply;
  }
}

export function motoBatch(forward: Forward): MotoBatch {
  return {
    call: async (operation, request) => {
      const path = `/v1/${operation.toLowerCase()}`;
      const reply = await forward({ path, body: Buffer.from(JSON.stringify(request)) });
      if (reply.status !== 200) throw new MotoRefusal(operation, reply);
      // The calls that end jobs have an empty answer.
      const answer: unknown = reply.body.length === 0 ? {} : JSON.parse(reply.body.toString());
      return answer;
    },
  };
}
