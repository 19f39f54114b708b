/** What the name of a container that moto makes tells: moto calls it `<jobName>-<jobId>` or `<jobName>-<parentId>-<index>`. */
export interface ContainerName {
  /** As Batch writes it: of a child `parent:index`. Of a container that is no Batch job: its whole name. */
  readonly jobId: string;
  /** Of children of array jobs only. */
  readonly index: number | undefined;
}

const NAME = /-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:-(\d+))?$/;

export function parseContainerName(name: string): ContainerName {
  const [, id, index] = NAME.exec(name) ?? [];
  if (id === undefined) return { jobId: name, index: undefined };
  return index === undefined
    ? { jobId: id, index: undefined }
    : { jobId: `${id}:${index}`, index: Number(index) };
}
