import { isDenied } from '../../backend/aws-batch/batch-errors.ts';
import { failedBy, finding, ok, tellable, type Finding } from '../finding.ts';
import type { AccountApi } from './account-api.ts';
import { credentialsFault, type CredentialsFault } from './account-errors.ts';

const CHECK = 'credentials';
const GIVE =
  'set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give the machine a role; nothing of AWS was looked at';

const FAULTS: Readonly<Record<CredentialsFault, readonly [string, string]>> = {
  missing: ['there are none for AWS', GIVE],
  expired: [
    'they have expired',
    'sign in again (aws sso login), or get a new AWS_SESSION_TOKEN; nothing of AWS was looked at',
  ],
  refused: ['AWS does not know them, or their secret is another one', GIVE],
};

/**
 * Who the command is.
 *
 * | what STS says                              | then                                                       |
 * |--------------------------------------------|------------------------------------------------------------|
 * | account and ARN                            | ok                                                         |
 * | none are there, they expired, are not known | failed                                                    |
 * | they are not known, but S3 is another server's | unknown: they may be that server's own                 |
 * | it may not be asked, no answer             | unknown: S3 and AWS Batch may have another way             |
 *
 * @param otherServer the address of a server that stands for AWS, where one is set
 */
export async function lookAtCredentials(
  api: Pick<AccountApi, 'caller'>,
  otherServer: string | undefined,
): Promise<Finding> {
  const [found = failedBy(CHECK, 'STS said nothing', 'unknown')] = await tellable(
    CHECK,
    'sts:GetCallerIdentity',
    isDenied,
    async () => {
      try {
        const { Account = '', Arn = '' } = await api.caller();
        return [ok(CHECK, `${Arn} of the account ${Account}`)];
      } catch (error) {
        const fault = credentialsFault(error);
        if (fault === undefined) throw error;
        if (fault === 'refused' && otherServer !== undefined)
          return [
            finding(
              CHECK,
              'unknown',
              `STS does not know them; they may be those of ${otherServer}`,
              'source and output tell whether they hold there',
            ),
          ];
        return [finding(CHECK, 'failed', ...FAULTS[fault])];
      }
    },
  );
  return found;
}
