/** What the container keeps for itself beside the process: page cache, the runtime. */
const KEPT_SHARE = 0.04;
const KEPT_MIN_MIB = 24;

/**
 * What a process may use of its container's memory. Somewhat less than all: a process that comes to its own limit says
 * so and names the size it needs, one that comes to the container's is killed without a word.
 */
export const processShareMiB = (containerMiB: number): number =>
  Math.floor(containerMiB - Math.max(KEPT_MIN_MIB, containerMiB * KEPT_SHARE));
