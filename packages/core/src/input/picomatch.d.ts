/** The part of picomatch that is used here: it brings no types. */
declare module 'picomatch' {
  interface Options {
    readonly dot?: boolean;
    readonly nonegate?: boolean;
    readonly strictSlashes?: boolean;
  }
  interface Scanned {
    readonly base: string;
    readonly glob: string;
    readonly isGlob: boolean;
  }
  interface Picomatch {
    (pattern: string, options?: Options): (path: string) => boolean;
    scan(pattern: string, options?: Options): Scanned;
  }
  const picomatch: Picomatch;
  export default picomatch;
}
