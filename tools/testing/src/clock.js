// Clocks that a test turns by hand.
export { withGlobal } from "@sinonjs/fake-timers";
