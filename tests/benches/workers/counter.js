// Answers how many requests this instance has served, which tells a fresh one from one that was there.
let served = 0;

export default {
  fetch() {
    served += 1;
    return new Response(`${served}`);
  },
};
