import { intent, parseSpec, type Intent, type RunFile, type Spec } from '@winnow/core';

const settingsShape = intent.shape.settings;

/** What a run was asked for, as far as it matters to who takes shards of it: as its submission says, or its spec. */
export function specOfRun(
  run: RunFile,
  open: Intent | undefined,
  { output, concurrency }: { readonly output: string; readonly concurrency: number | undefined },
): Spec {
  const { memory, maxQuarantined, tolerate } = run.spec;
  const asked = {
    concurrency: 0,
    memoryMiB: memory,
    maxQuarantined,
    ...(tolerate !== undefined && { tolerate }),
  };
  const settings = open?.settings ?? settingsShape.parse(asked);
  return {
    ...parseSpec({ source: run.source, output, backend: 'pull', concurrency: concurrency ?? 0 }),
    memory: settings.memoryMiB,
    maxQuarantined: settings.maxQuarantined,
    tolerate: settings.tolerate,
  };
}
