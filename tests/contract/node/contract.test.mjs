// Terra's JavaScript client against the gateway. tests/contract/test_node.py starts both.

import assert from "node:assert/strict";
import test from "node:test";
import * as sdk from "terra-api";
import { CALLS } from "./calls.mjs";
import * as world from "./world.mjs";

const { Terra, TerraClient, TerraError, verifyTerraWebhookSignature, WebhookVerificationError } = sdk;
const { day, failing, month, nobody, refusal, terra, userId, watching } = world;

function bothGenerations({ body }) {
  assert.equal(body.status, "error");
  assert.equal(body.message, body.detail);
  assert.equal(body.type, "about:blank");
  assert.ok(body.title);
  assert.match(body.instance, /^\/v2\//);
}

// First, while the gateway asks the vendor nothing by itself that could take these failures.

test("a vendor that is down is asked again twice, when it said", async () => {
  await failing("data", 503, 2, 1);
  const start = performance.now();
  const seen = await watching(async () => {
    assert.equal((await terra.daily.fetch({ user_id: userId, ...day })).data.length, 1);
  });
  assert.deepEqual(seen.map(({ status }) => status), [503, 503, 200]);
  assert.ok(performance.now() - start >= 1990);
});

test("nothing is tried a third time", async () => {
  await failing("data", 503, 3, 1);
  const seen = await watching(async () => {
    const error = await refusal(terra.daily.fetch({ user_id: userId, ...day }));
    assert.deepEqual([error.constructor, error.statusCode], [TerraError, 503]);
    bothGenerations(error);
  });
  assert.deepEqual(seen.map(({ status }) => status), [503, 503, 503]);
});

// One after the other: several of them write to the same account.
for (const [name, call] of Object.entries(CALLS)) {
  test(`the call ${name}`, call);
}

test("no public call of the client is left out", () => {
  const getters = Object.entries(Object.getOwnPropertyDescriptors(TerraClient.prototype));
  const groups = getters.filter(([, found]) => found.get).map(([name]) => name);
  const calls = groups.flatMap((group) =>
    Object.getOwnPropertyNames(Object.getPrototypeOf(terra[group]))
      .filter((name) => name !== "constructor" && !name.startsWith("_"))
      .map((name) => `${group}.${name}`),
  );
  assert.equal(calls.length, 25);
  assert.deepEqual(calls.sort(), Object.keys(CALLS).sort());
});

test("the base URL may be written in either way", async () => {
  const { baseUrl, devId, apiKey } = world;
  for (const url of [baseUrl, `${baseUrl}/`, baseUrl.replace("/v2", "/api/v2"), baseUrl.replace("/v2", "/api/v2/")]) {
    const client = new TerraClient({ devId, apiKey, baseUrl: url });
    assert.equal((await client.user.getinfoforuserid({ user_id: userId })).user.user_id, userId);
  }
});

test("a body is sent with DELETE, and an object without choices with POST", async () => {
  const seen = await watching(async () => {
    await terra.body.delete({ user_id: userId, log_ids: ["msr_0"] });
    await terra.authentication.authenticateuser({ resource: "SANDBOX" });
    await terra.authentication.generatewidgetsession();
  });
  assert.deepEqual(seen.map(({ method, body, status }) => [method, JSON.parse(body), status]), [
    ["DELETE", { log_ids: ["msr_0"] }, 207],
    ["POST", {}, 200],
    ["POST", {}, 200],
  ]);
});

test("dates are days or Unix seconds", async () => {
  const seconds = new Date(`${world.facts.first}T12:00:00Z`).getTime() / 1000;
  const dates = { start_date: seconds, end_date: seconds, to_webhook: false };
  const told = await terra.daily.fetch({ user_id: userId, ...dates });
  assert.deepEqual(told, await terra.daily.fetch({ user_id: userId, ...day }));
  assert.equal(told.data.length, 1);
});

test("an accepted request is a promise with a reference", async () => {
  const answer = await terra.daily.fetch({ user_id: userId, ...day, to_webhook: true });
  assert.equal(answer.type, "webhook");
  assert.ok(answer.reference);
  const large = await terra.daily.fetch({ user_id: userId, ...month, start_date: "2026-01-01" });
  assert.deepEqual([large.type, large.status], ["large_request_processing", "processing"]);
  assert.ok(large.reference);
});

test("one bad item of several costs only itself", async () => {
  const good = { start_time: `${world.facts.first}T12:00:00Z`, end_time: `${world.facts.first}T13:00:00Z` };
  const item = (times) => ({ user_id: userId, metadata: { ...times, summary_id: "x", type: 8, upload_type: 2 } });
  const data = [item(good), item({ ...good, start_time: "noon" }), item(good)];
  const { data: answer, rawResponse } = await terra.activity.write({ data }).withRawResponse();
  assert.equal(rawResponse.status, 207);
  assert.deepEqual(answer.log_ids.map(Boolean), [true, false, true]);
  assert.deepEqual(answer.processed_data.map((one) => one.response_code), [201, 422, 201]);
});

test("raw responses have the headers", async () => {
  const { data, rawResponse } = await terra.daily.fetch({ user_id: userId, ...month }).withRawResponse();
  assert.equal(rawResponse.status, 200);
  assert.equal(data.data.length, 31);
  const { headers } = rawResponse;
  assert.match(headers.get("terra-reference"), /^[0-9a-f-]{36}$/);
  assert.equal(headers.get("x-terra-ratelimit-limit"), "6000");
  assert.ok(Number(headers.get("x-terra-ratelimit-remaining")) < 6000);
  assert.ok(Number(headers.get("x-terra-ratelimit-reset-after")) > 0);
});

test("a user nobody has is the client's NotFoundError", async () => {
  for (const call of [
    () => terra.user.getinfoforuserid({ user_id: nobody }),
    () => terra.authentication.deauthenticateuser({ user_id: nobody }),
    () => terra.daily.fetch({ user_id: nobody, ...month }),
    () => terra.plannedworkout.write({ user_id: nobody, data: [{}] }),
    () => terra.nutrition.delete({ user_id: nobody, data: ["x"] }),
  ]) {
    const error = await refusal(call());
    assert.ok(error instanceof Terra.NotFoundError, String(error));
    assert.equal(error.statusCode, 404);
    bothGenerations(error);
  }
});

test("what is malformed is the client's BadRequestError", async () => {
  for (const call of [
    () => terra.user.modifyuser(nobody, { active: false }),
    () => terra.user.getinfoforuserid(),
    () => terra.daily.fetch({ user_id: userId, start_date: "yesterday" }),
    () => terra.activity.write({ data: [{}] }),
  ]) {
    const error = await refusal(call());
    assert.ok(error instanceof Terra.BadRequestError, String(error));
    bothGenerations(error);
  }
});

test("a wrong key is the client's UnauthorizedError", async () => {
  const stranger = new TerraClient({ devId: world.devId, apiKey: "wrong", baseUrl: world.baseUrl });
  const error = await refusal(stranger.daily.fetch({ user_id: userId, ...month }));
  assert.ok(error instanceof Terra.UnauthorizedError, String(error));
  bothGenerations(error);
});

test("what the end user did not share is the client's plain error", async () => {
  const error = await refusal(terra.sleep.fetch({ user_id: world.shyUserId, ...month }));
  assert.ok(error instanceof TerraError);
  assert.equal(error.statusCode, 403);
  bothGenerations(error);
});

test("a used up minute is waited for", async () => {
  const { baseUrl, devId, apiKey } = world.facts.limited;
  const limited = new TerraClient({ devId, apiKey, baseUrl });
  const seen = await watching(async () => {
    await limited.user.getalluserids();
    assert.deepEqual(await limited.user.getalluserids(), { users: [] });
  });
  assert.deepEqual(seen.map(({ status }) => status), [200, 429, 200]);
});

test("a limit that no waiting helps against is not waited for long", async () => {
  const dates = { start_date: "2020-01-01", end_date: "2026-01-01" };
  const seen = await watching(async () => {
    const error = await refusal(terra.daily.fetch({ user_id: userId, ...dates }));
    assert.deepEqual([error.statusCode, error.body.detail], [429, "rate limit exceeded"]);
    assert.equal(error.rawResponse.headers.get("x-terra-ratelimit-rule"), "r1");
  });
  assert.equal(seen.length, 3);
});

test("the client's verifier takes our signatures", async () => {
  const { deliveries, secret } = world.facts;
  assert.ok(deliveries.length > 1);
  for (const { headers, body } of deliveries) {
    for (const name of ["terra-signature", "x-terra-signature"]) {
      assert.equal(await verifyTerraWebhookSignature(body, headers[name], secret), true);
    }
    const [t, v1] = headers["terra-signature"].split(",");
    for (const header of [`${t},v0=00,${v1}`, `${t},v1=${"0".repeat(64)},${v1}`, `${v1}, ${t}`]) {
      assert.equal(await verifyTerraWebhookSignature(body, header, secret, { tolerance: 600 }), true);
    }
  }
});

test("the client's verifier takes nothing else", async () => {
  const { deliveries, secret } = world.facts;
  const { headers, body } = deliveries[0];
  const header = headers["terra-signature"];
  const earlier = header.replace(/t=(\d+)/, (_, seconds) => `t=${seconds - 1}`);
  for (const call of [
    () => verifyTerraWebhookSignature(`${body} `, header, secret),
    () => verifyTerraWebhookSignature(body, header, `${secret}x`),
    () => verifyTerraWebhookSignature(body, earlier, secret),
    () => verifyTerraWebhookSignature(body, header, secret, { tolerance: -1 }),
    () => verifyTerraWebhookSignature(body, header.split(",")[0], secret),
  ]) {
    assert.ok((await refusal(call())) instanceof WebhookVerificationError);
  }
});
