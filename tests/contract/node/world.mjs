// What tests/contract/test_node.py prepared: a gateway, a company, connections, and what the vendor's documents say.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { TerraClient } from "terra-api";

function given(name) {
  const value = process.env[name];
  assert.ok(value, `${name} is not set`);
  return value;
}

export const baseUrl = given("CONTRACT_BASE_URL");
export const devId = given("CONTRACT_DEV_ID");
export const apiKey = given("CONTRACT_API_KEY");
/** Shares everything; nobody else uses the account. */
export const userId = given("CONTRACT_USER_ID");
/** Another connection, there to be removed. */
export const spareUserId = given("CONTRACT_SPARE_USER_ID");
/** Shares its days and nothing else. */
export const shyUserId = given("CONTRACT_SHY_USER_ID");
/** { first, last, documents by scope, person, deliveries, secret, limited } */
export const facts = JSON.parse(readFileSync(given("CONTRACT_FACTS"), "utf8"));
export const nobody = "01a20425-b71b-77e5-9bd9-d8a42cd85b62";
export const month = { start_date: facts.first, end_date: facts.last, to_webhook: false };
export const day = { start_date: facts.first, end_date: facts.first, to_webhook: false };

export const terra = new TerraClient({ devId, apiKey, baseUrl });

/** Make the simulated vendor fail, as its control does. */
export async function failing(endpoint, status, times, retryAfter) {
  const answer = await fetch(`${given("CONTRACT_VENDOR_URL")}/control/fail`, {
    method: "POST",
    headers: { authorization: `Bearer ${given("CONTRACT_VENDOR_TOKEN")}`, "content-type": "application/json" },
    body: JSON.stringify({ endpoint, status, times, retry_after: retryAfter }),
  });
  assert.equal(answer.status, 200);
}

/** The requests that leave this process while `work` runs, with the status of their answers. */
export async function watching(work) {
  const seen = [];
  const real = globalThis.fetch;
  globalThis.fetch = async (url, options) => {
    const answer = await real(url, options);
    seen.push({ method: options?.method, url: String(url), body: options?.body, status: answer.status });
    return answer;
  };
  try {
    await work();
  } finally {
    globalThis.fetch = real;
  }
  return seen;
}

/** The error that `call` ends with. */
export async function refusal(call) {
  try {
    await call;
  } catch (error) {
    return error;
  }
  return assert.fail("was not refused");
}

export function sameMoment(told, noted) {
  assert.equal(new Date(told).getTime(), new Date(noted).getTime());
  assert.equal(told.slice(-6), noted.slice(-6));
}
