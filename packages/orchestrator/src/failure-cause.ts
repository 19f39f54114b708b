/** Why an attempt at a shard did not commit all of it. */
export type FailureCause =
  | 'interrupted'
  /** The service took its place back: Spot. */
  | 'reclaimed'
  | 'transient'
  | 'out-of-memory'
  | 'killed'
  /** Longer than an attempt may take. */
  | 'timed-out'
  /** The service could not start it. */
  | 'not-started'
  /** The service did not get the image. */
  | 'image'
  /** Taken back by this command before it started, to be done elsewhere. */
  | 'withdrawn'
  | 'no-receipt'
  | 'bug'
  | 'conflict'
  | 'configuration'
  | 'cancelled';
