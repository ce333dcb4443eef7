// One of many workers that are seldom asked.

const table = new Map(Array.from({ length: 1000 }, (_, n) => [`key ${n}`, { n }]));
let calls = 0;

export default {
  fetch(request, env) {
    calls += 1;
    return new Response(`${env.NAME} ${table.size} ${calls > 0}`);
  },
};
