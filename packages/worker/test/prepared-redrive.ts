import {
  closeRun,
  createRun,
  decideRedrive,
  diskStorage,
  draftPlan,
  quarantinedObjects,
  runKeys,
  WINNOW_FOLDER,
  writePlan,
  zstdTextCodec,
} from '@winnow/core';
import { submit, type PreparedRun } from './prepared-run.ts';

const generationKeyOf = (n: number): string => `${WINNOW_FOLDER}/generations/${n}.json`;

/** Closes a run whose shards are done, and plans and submits a redrive of it, as the orchestrator would. */
export async function prepareRedrive(
  { run: first, output }: PreparedRun,
  maxRecordBytes: number,
): Promise<PreparedRun> {
  const generationFile = { generation: 0, specHash: first.specHash, createdAt: first.createdAt };
  await output.replace(generationKeyOf(0), Buffer.from(JSON.stringify(generationFile)));
  await closeRun(output, first, {
    codec: zstdTextCodec,
    facts: {
      ...{ shards: { total: 1, failed: 0 }, attempts: { total: 1, interrupted: 0, failed: 0 } },
      time: { startedAt: first.createdAt, endedAt: first.createdAt, seconds: 0 },
      cost: { estimated: 0, actual: 0, currency: 'USD', items: [] },
      ...{ maxQuarantined: { records: 1_000 }, cancelled: false, problems: [] },
    },
    emptyPart: () => Promise.resolve(new Uint8Array(0)),
  });
  const decision = await decideRedrive(output, {
    ...{ engine: first.frozen.engine, createdAt: first.createdAt, codec: zstdTextCodec },
    assertPossible: () => Promise.resolve(),
  });
  if (decision.step !== 'plan') throw new Error(`nothing is in quarantine: ${decision.step}`);
  const { runId, generation } = decision;
  const source = diskStorage(output.uri);
  const draft = await draftPlan({
    storage: source,
    inputs: quarantinedObjects(output, generation, zstdTextCodec),
    unitBytes: first.frozen.unitBytes,
    columns: first.frozen.columns.filter(({ name }) => name !== '_rest'),
  });
  try {
    const { firstUnits } = await writePlan(output, runKeys(runId), draft.sha, draft.text());
    const { sha, units, inputs, bytes, decoded, classes } = draft;
    const run = {
      ...first,
      ...{ runId, generation, source: output.uri, redrives: {} },
      frozen: { ...first.frozen, maxRecordBytes },
      plan: {
        ...{ sha, objects: firstUnits.length, firstUnits },
        ...{ units, inputs, bytes, decoded, classes: [...classes] },
      },
    };
    await createRun(output, run);
    const intent = await submit(output, run);
    return { run, intent, source, output, uri: `${output.uri}/_winnow/${runId}` };
  } finally {
    await draft.dispose();
  }
}
