import jwtModule from "@tsndr/cloudflare-worker-jwt";
import { jwtVerify, SignJWT } from "jose";

export async function jose() {
  const key = new TextEncoder().encode("a secret of at least 32 characters");
  const token = await new SignJWT({ sub: "ada" }).setProtectedHeader({ alg: "HS256" }).setExpirationTime("1h").sign(key);
  const { payload } = await jwtVerify(token, key);
  const wrong = await jwtVerify(`${token}x`, key).catch((error) => error.code);
  return [payload.sub, wrong];
}

export async function jwt() {
  const token = await jwtModule.sign({ sub: "ada" }, "secret");
  const verified = await jwtModule.verify(token, "secret");
  return [verified?.payload.sub ?? null, (await jwtModule.verify(token, "other")) ?? null];
}
