/**
 * Lets only the newest value through: `work` runs at most once a frame, never beside itself, and always ends with the last
 * value it was called with. So fast moves never queue.
 */
export function newest(work) {
  let waiting = false;
  let busy = false;
  let value;

  async function run() {
    busy = true;
    while (waiting) {
      await nextFrame();
      waiting = false;
      await work(value);
    }
    busy = false;
  }

  return (newValue) => {
    value = newValue;
    waiting = true;
    if (!busy) run();
  };
}

/** The next animation frame; in a hidden page, where there are none, soon. */
const nextFrame = () =>
  new Promise((done) => (document.hidden ? setTimeout(done, 16) : requestAnimationFrame(done)));
