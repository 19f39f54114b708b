import {
  GetSecretValueCommand,
  SecretsManagerClient,
  SecretsManagerServiceException,
} from '@aws-sdk/client-secrets-manager';
import { regionOf, SHORT_CALLS } from './aws-call.ts';

/**
 * The text of a secret in AWS Secrets Manager: default credential chain, the region of the ARN.
 *
 * @throws Error whose message and cause quote nothing of an answer
 */
export async function readSecret(arn: string): Promise<string> {
  const client = new SecretsManagerClient({ region: regionOf(arn), ...SHORT_CALLS });
  let text: string | undefined;
  try {
    text = (await client.send(new GetSecretValueCommand({ SecretId: arn }))).SecretString;
  } catch (error) {
    // eslint-disable-next-line preserve-caught-error -- it may hold the answer, and so the secret
    throw new Error(refusalOf(error));
  } finally {
    client.destroy();
  }
  if (text === undefined) throw new Error('its secret is binary, and no text');
  return text;
}

/** What the service itself says of a failed call; the error of an answer that cannot be read would quote it. */
function refusalOf(error: unknown): string {
  const { name, message } = error as Error;
  const status = error instanceof SecretsManagerServiceException ? error.$metadata.httpStatusCode : undefined;
  if (status !== undefined && status >= 400) return `${name}: ${message}`;
  return name === 'CredentialsProviderError' ? message : `Secrets Manager gave no answer (${name})`;
}
