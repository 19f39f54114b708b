import type { SubmitJobCommandInput } from '@aws-sdk/client-batch';

/**
 * What AWS Batch refuses, or worse: takes and then fails without a word. Nothing of it is in the service's API model, so
 * it is checked here before any call. Sources: https://docs.aws.amazon.com/batch/latest/userguide/service_limits.html and
 * https://docs.aws.amazon.com/batch/latest/APIReference/API_SubmitJob.html
 */
export const MIN_ARRAY_SIZE = 2;
export const MAX_ARRAY_SIZE = 10_000;
export const MAX_NAME_CHARACTERS = 128;
/** All container overrides of a job, as JSON: one beyond it goes to FAILED. */
export const MAX_OVERRIDES_CHARACTERS = 8192;
export const MAX_PAYLOAD_BYTES = 30 * 1024;
/** Those of the job definition included, where they are propagated; one beyond it goes to FAILED. */
export const MAX_TAGS = 50;
export const MAX_TAG_KEY = 128;
export const MAX_TAG_VALUE = 256;
export const MIN_TIMEOUT_SECONDS = 60;
export const MAX_ATTEMPTS = 10;
export const MAX_RULES = 5;
export const MAX_RULE_CHARACTERS = 512;
/** Ids of one DescribeJobs. */
export const MAX_DESCRIBED = 100;
/** Ids of one CancelJobs or TerminateJobs. */
export const MAX_ENDED = 50;

const JOB_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]*$/;
/** Set by Batch itself. */
const RESERVED_VARIABLE = /^AWS_BATCH/;
const RESERVED_TAG = /^aws:/i;

/** What AWS would refuse of a request, a sentence each. */
export function problemsOfRequest(request: SubmitJobCommandInput, definitionTags: number): string[] {
  return [
    ...nameProblems(request.jobName),
    ...sizeProblems(request.arrayProperties?.size),
    ...overrideProblems(request),
    ...problemsOfTags(request.tags ?? {}, definitionTags),
    ...retryProblems(request),
    ...payloadProblems(request),
  ];
}

function nameProblems(name = ''): string[] {
  if (name.length <= MAX_NAME_CHARACTERS && JOB_NAME.test(name)) return [];
  return [
    `a job name must have 1 to ${MAX_NAME_CHARACTERS} letters, digits, - and _ and begin with a letter or digit, got ${JSON.stringify(name)}`,
  ];
}

function sizeProblems(size: number | undefined): string[] {
  if (size === undefined) return [];
  if (Number.isInteger(size) && size >= MIN_ARRAY_SIZE && size <= MAX_ARRAY_SIZE) return [];
  return [`an array must have ${MIN_ARRAY_SIZE} to ${MAX_ARRAY_SIZE} children, got ${size}`];
}

/** The environment that a request sets, wherever it stands. */
const environmentOf = ({ containerOverrides, ecsPropertiesOverride }: SubmitJobCommandInput) => [
  ...(containerOverrides?.environment ?? []),
  ...(ecsPropertiesOverride?.taskProperties ?? []).flatMap(({ containers }) =>
    (containers ?? []).flatMap(({ environment }) => environment ?? []),
  ),
];

function overrideProblems(request: SubmitJobCommandInput): string[] {
  const overrides = request.containerOverrides ?? request.ecsPropertiesOverride;
  const characters = overrides === undefined ? 0 : JSON.stringify(overrides).length;
  const reserved = environmentOf(request)
    .map(({ name = '' }) => name)
    .filter((name) => RESERVED_VARIABLE.test(name));
  return [
    ...(characters > MAX_OVERRIDES_CHARACTERS
      ? [
          `container overrides must have at most ${MAX_OVERRIDES_CHARACTERS} characters as JSON, these have ${characters}`,
        ]
      : []),
    ...reserved.map((name) => `${name} is Batch's own to set`),
  ];
}

/** @param others how many come on top of these: of the job definition, where they are propagated */
export function problemsOfTags(tags: Readonly<Record<string, string>>, others: number): string[] {
  const total = Object.keys(tags).length + others;
  return [
    ...(total > MAX_TAGS
      ? [`a job has at most ${MAX_TAGS} tags with those of its definition, this one would have ${total}`]
      : []),
    ...Object.entries(tags).flatMap(([key, value]) => [
      ...(key === '' || key.length > MAX_TAG_KEY || RESERVED_TAG.test(key)
        ? [
            `a tag's key must have 1 to ${MAX_TAG_KEY} characters and not begin with aws:, got ${JSON.stringify(key)}`,
          ]
        : []),
      ...(value.length > MAX_TAG_VALUE
        ? [`a tag's value must have at most ${MAX_TAG_VALUE} characters, that of ${key} has ${value.length}`]
        : []),
    ]),
  ];
}

function retryProblems({ timeout, retryStrategy }: SubmitJobCommandInput): string[] {
  const seconds = timeout?.attemptDurationSeconds;
  const { attempts = 1, evaluateOnExit = [] } = retryStrategy ?? {};
  const patterns = evaluateOnExit.flatMap(({ onReason, onStatusReason, onExitCode }) =>
    [onReason, onStatusReason, onExitCode].filter((pattern) => pattern !== undefined),
  );
  return [
    ...(seconds === undefined || seconds < MIN_TIMEOUT_SECONDS
      ? [`a job must have a timeout of at least ${MIN_TIMEOUT_SECONDS} seconds, got ${seconds ?? 'none'}`]
      : []),
    ...(attempts < 1 || attempts > MAX_ATTEMPTS
      ? [`a job must have 1 to ${MAX_ATTEMPTS} attempts, got ${attempts}`]
      : []),
    ...(evaluateOnExit.length > MAX_RULES
      ? [`a job has at most ${MAX_RULES} rules for its retries, got ${evaluateOnExit.length}`]
      : []),
    ...patterns
      .filter((pattern) => pattern.length > MAX_RULE_CHARACTERS || pattern.slice(0, -1).includes('*'))
      .map(
        (pattern) =>
          `a rule's pattern has * only at its end and at most ${MAX_RULE_CHARACTERS} characters, got ${pattern}`,
      ),
  ];
}

function payloadProblems(request: SubmitJobCommandInput): string[] {
  const bytes = Buffer.byteLength(JSON.stringify(request));
  return bytes > MAX_PAYLOAD_BYTES
    ? [`a request must have at most ${MAX_PAYLOAD_BYTES} bytes, this one has ${bytes}`]
    : [];
}
