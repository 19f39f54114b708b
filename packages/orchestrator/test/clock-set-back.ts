/** What a process loads first whose machine's clock is ten years ahead and goes back by a day at each look. */
const SCRIPT = `
  const Real = Date;
  const DAY = 86_400_000;
  let looks = 0;
  const now = () => Real.now() + 3650 * DAY - DAY * looks++;
  globalThis.Date = class extends Real {
    constructor(...values) {
      super(...(values.length === 0 ? [now()] : values));
    }
    static now() {
      return now();
    }
  };`;

/** Options for Node that set the clock back, of the command and of its workers. */
export const CLOCK_SET_BACK = `--import=data:text/javascript,${encodeURIComponent(SCRIPT)}`;
