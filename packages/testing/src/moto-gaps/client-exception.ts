/** A request that Batch refuses: HTTP 400 with this type. */
export class ClientException extends Error {}

/** Throws where there is a problem. */
export function refuse(problem: string | undefined): void {
  if (problem !== undefined) throw new ClientException(problem);
}
