import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { regionOf, SHORT_CALLS } from './aws-call.ts';
import type { RunSummary } from './run-summary.ts';

/** Puts an event with the summary as its detail on an EventBridge bus. */
export async function putEvent(bus: string, summary: RunSummary): Promise<void> {
  const client = new EventBridgeClient({ region: regionOf(bus), ...SHORT_CALLS });
  try {
    const { Entries } = await client.send(
      new PutEventsCommand({
        Entries: [
          {
            EventBusName: bus,
            Source: 'winnow',
            DetailType: `Winnow run ${summary.state}`,
            Detail: JSON.stringify(summary),
          },
        ],
      }),
    );
    // The call itself succeeds where its entry does not.
    const { ErrorCode, ErrorMessage = '' } = Entries?.[0] ?? {};
    if (ErrorCode !== undefined) throw Object.assign(new Error(ErrorMessage), { name: ErrorCode });
  } finally {
    client.destroy();
  }
}
