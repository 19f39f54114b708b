/** Requests of a process to a service that bills them, as they go out: tries again count too, as they are billed. */
export class RequestCounts {
  #writes = 0;
  #reads = 0;

  /** PUT, COPY, POST and LIST: one price. */
  get writes(): number {
    return this.#writes;
  }

  /** GET and HEAD. */
  get reads(): number {
    return this.#reads;
  }

  /** One went out. To delete or to abort costs nothing. */
  see(command: string): void {
    if (/^(Get|Head)/.test(command)) this.#reads++;
    else if (!/^(Delete|Abort)/.test(command)) this.#writes++;
  }
}
