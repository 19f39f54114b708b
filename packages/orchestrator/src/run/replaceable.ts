import {
  ConfigurationError,
  generationFacts,
  readGeneration,
  readJson,
  runFile,
  runIdOf,
  runKeys,
  type RunFile,
  type Spec,
  type Storage,
} from '@winnow/core';

/**
 * What `--resume=false` can take the place of:
 *
 * | the output holds            | spec `parts`                 | spec `mirror`                                       |
 * |-----------------------------|------------------------------|-----------------------------------------------------|
 * | runs of the layout `parts`  | yes: staged, then published  | no                                                  |
 * | a closed run of `mirror`    | no                           | yes, of the same format: names of outputs end in it |
 * | one that is not closed      | no                           | no: outputs of its attempts may still come          |
 *
 * @throws ConfigurationError
 */
export async function assertReplaceable(
  output: Storage,
  { layout, format }: Spec,
  specHash: string,
): Promise<void> {
  const facts = await generationFacts(output);
  const before = facts && (await latestPlanned(output, facts.generation));
  if (facts === undefined || before === undefined) return;
  const { frozen, runId } = before;
  const elsewhere = 'choose another --output';
  const refuse = (message: string, hint: string): never => {
    throw new ConfigurationError(`${output.uri}: ${message}`, { hint });
  };
  if (frozen.layout !== layout)
    refuse(
      `it holds run ${runId} of the layout ${frozen.layout}, which one of ${layout} cannot replace`,
      elsewhere,
    );
  if (layout === 'parts') return;
  if (frozen.format !== format)
    refuse(
      `its outputs are ${frozen.format}, and so are their names: --resume=false replaces them by the same format, got ${format}`,
      elsewhere,
    );
  const isOurs = facts.replaces !== 'no' && facts.specHash === specHash;
  if (!facts.closed && !isOurs)
    refuse(
      `in the layout mirror run ${facts.runId} cannot be given up: outputs of it may still come`,
      `finish it with its own command first, or ${elsewhere}`,
    );
}

/** The latest run that came as far as a plan. */
async function latestPlanned(output: Storage, highest: number): Promise<RunFile | undefined> {
  for (let n = highest; n >= 0; n--) {
    const { specHash } = await readGeneration(output, n);
    const run = await readJson(output, runKeys(runIdOf(n, specHash)).run, runFile);
    if (run !== undefined) return run;
  }
  return undefined;
}
