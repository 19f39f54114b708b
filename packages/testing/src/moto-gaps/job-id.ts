/** The job itself, or of a child its array parent. */
export const parentId = (jobId: string): string => jobId.split(':')[0] ?? jobId;

/** Of a child its place in the array; undefined for every other job. */
export function arrayIndex(jobId: string): number | undefined {
  const [, index] = jobId.split(':');
  return index === undefined ? undefined : Number(index);
}

/** The ids of all children of an array job. */
export const childIds = (jobId: string, size: number): string[] =>
  Array.from({ length: size }, (_, index) => `${jobId}:${index}`);
