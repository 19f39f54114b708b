import { Counter, Gauge, type Registry } from 'prom-client';
import type { RunEvent } from '../events.ts';

/** The metrics of one run, fed by its events. Counters grow by commits only, so they never fall. */
export function createRunMetrics(registry: Registry): (event: RunEvent) => void {
  const registers = [registry];
  const counter = (name: string, help: string): Counter => new Counter({ name, help, registers });
  const gauge = (name: string, help: string): Gauge => new Gauge({ name, help, registers });
  const records = counter(
    'winnow_records_committed_total',
    'Records in committed sub-units, quarantined ones included',
  );
  const quarantined = counter(
    'winnow_records_quarantined_total',
    'Records quarantined in committed sub-units',
  );
  const decoded = counter('winnow_decoded_bytes_committed_total', 'Decoded bytes of committed sub-units');
  const units = counter('winnow_units_committed_total', 'Units committed by this command');
  const plannedUnits = gauge('winnow_units_planned', 'Units of the run');
  const unitsBefore = gauge(
    'winnow_units_committed_before',
    'Units that were committed before this command began',
  );
  const plannedBytes = gauge('winnow_decoded_bytes_planned', 'Decoded bytes of the run, estimated');
  const running = gauge('winnow_shards_running', 'Shards being done');
  const childrenRunning = gauge('winnow_containers_running', 'Containers of a batch service under way');
  const childrenWaiting = gauge('winnow_shards_waiting', 'Shards that wait for a container');
  const failures = new Counter({
    name: 'winnow_shard_failures_total',
    help: 'Attempts at shards that failed, by cause',
    labelNames: ['cause'],
    registers,
  });
  const ofShard = (name: string, help: string): Gauge<'shard'> =>
    new Gauge({ name, help, labelNames: ['shard'], registers });
  const memory = ofShard('winnow_worker_memory_bytes', 'Resident memory of the process that does the shard');
  const memoryLimit = ofShard('winnow_worker_memory_limit_bytes', 'What that process may use');
  const memoryPeak = gauge(
    'winnow_worker_memory_peak_bytes',
    'Most resident memory that any worker process of this command has told',
  );
  let peak = 0;
  const active = new Set<number>();
  /** A label for each shard that was ever done would grow with the run: only those being done have one. */
  const end = (shard: number): void => {
    active.delete(shard);
    memory.remove({ shard });
    memoryLimit.remove({ shard });
  };
  return (event) => {
    switch (event.kind) {
      case 'planned':
        plannedUnits.set(event.units);
        plannedBytes.set(event.decoded);
        unitsBefore.set(event.already.units);
        break;
      case 'committed':
        records.inc(event.records);
        quarantined.inc(event.quarantined);
        decoded.inc(event.decoded);
        if (event.last) units.inc();
        break;
      case 'shard-started':
        active.add(event.shard);
        break;
      case 'shard-failed':
        failures.inc({ cause: event.cause });
        end(event.shard);
        break;
      case 'shard-done':
        end(event.shard);
        break;
      case 'progress':
        memory.set({ shard: event.shard }, event.memoryBytes);
        memoryLimit.set({ shard: event.shard }, event.memoryLimitBytes);
        memoryPeak.set((peak = Math.max(peak, event.memoryBytes)));
        break;
      case 'arrays':
        childrenRunning.set(event.running);
        childrenWaiting.set(event.waiting);
        break;
      case 'memory-high':
      case 'attempts':
      case 'detached':
      case 'planning':
      case 'cleared':
      case 'warning':
      case 'done':
        break;
    }
    running.set(active.size);
  };
}
