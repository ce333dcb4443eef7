export const load = ({ platform, url }) => ({ greeting: platform?.env?.GREETING ?? "none", name: url.searchParams.get("name") ?? "world" });
export const actions = { default: async ({ request }) => ({ said: (await request.formData()).get("word") }) };
