import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { regionOf, SHORT_CALLS } from './aws-call.ts';
import type { RunSummary } from './run-summary.ts';

/** Publishes the summary to an SNS topic, with a subject for those who get it as mail. */
export async function publishSummary(topic: string, summary: RunSummary): Promise<void> {
  const client = new SNSClient({ region: regionOf(topic), ...SHORT_CALLS });
  try {
    const Subject = `Winnow run ${summary.runId} ${summary.state}`;
    await client.send(new PublishCommand({ TopicArn: topic, Subject, Message: JSON.stringify(summary) }));
  } finally {
    client.destroy();
  }
}
