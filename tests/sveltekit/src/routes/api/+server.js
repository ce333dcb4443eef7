import { json } from '@sveltejs/kit';
export const GET = ({ url, platform }) => json({ path: url.pathname, caches: typeof platform?.caches });
export const POST = async ({ request }) => json(await request.json(), { status: 201 });
