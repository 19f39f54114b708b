import { parentId } from './job-id.ts';

/**
 * AWS may not show a job that was just submitted: it is unknown then, not gone. Moto shows it at once. Here so many looks
 * at each new job do not see it.
 */
export class Visibility {
  readonly #unseen: number;
  readonly #looks = new Map<string, number>();

  constructor(unseen: number) {
    this.#unseen = unseen;
  }

  /** Which of these jobs one look sees; children are seen with their parent. */
  look<Job extends { readonly jobId: string }>(jobs: readonly Job[]): Job[] {
    const seen = new Set<string>();
    for (const id of new Set(jobs.map(({ jobId }) => parentId(jobId)))) {
      const looks = this.#looks.get(id) ?? 0;
      this.#looks.set(id, looks + 1);
      if (looks >= this.#unseen) seen.add(id);
    }
    return jobs.filter(({ jobId }) => seen.has(parentId(jobId)));
  }
}
