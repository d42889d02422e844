// Many images that may come a little later: computed a few at a time, given up as soon as newer ones are wanted.
const SLICE = 10; // ms of work, then the page may answer to something else

/** `draw(list of inputs, place)` hands each image to `place(image, number)`; another call or `stop()` ends it. */
export function slices(engine) {
  let newest = 0;
  const stop = () => {
    newest += 1;
  };
  async function draw(list, place) {
    stop();
    const mine = newest;
    let end = performance.now() + SLICE;
    for (let i = 0; i < list.length; i += engine.atOnce) {
      if (performance.now() > end) {
        await pause();
        end = performance.now() + SLICE;
      }
      if (mine !== newest) return;
      const images = await engine.render(list.slice(i, i + engine.atOnce));
      if (mine !== newest) return;
      images.forEach((image, k) => {
        place(image, i + k);
      });
    }
  }
  return { draw, stop };
}

const pause = () => new Promise((done) => setTimeout(done, 0));
