// Every call of Terra's JavaScript client, made once and judged by its answer.

import assert from "node:assert/strict";
import { day, facts, month, nobody, sameMoment, spareUserId, terra, userId } from "./world.mjs";

const noon = `${facts.first}T12:00:00+00:00`;
const one = `${facts.first}T13:00:00+00:00`;
const midnight = { start_time: `${facts.first}T00:00:00+00:00`, end_time: `${facts.first}T23:59:59+00:00` };
const forUser = { queryParams: { user_id: userId } };

const workout = (name) => ({
  metadata: { name, start_time: noon, end_time: one, summary_id: name, type: 8, upload_type: 2 },
});
const weight = (weight_kg) => ({
  metadata: midnight,
  measurements_data: { measurements: [{ measurement_time: noon, weight_kg }] },
});
const diary = (name) => ({
  metadata: midnight,
  meals: [
    {
      ...{ id: name, name, timestamp: noon, type: 3, quantity: { unit: 1, amount: 250 } },
      ...{ macros: { calories: 400 }, micros: {} },
    },
  ],
});
const plan = (name) => ({ metadata: { name, type: "RUNNING", planned_date: noon }, steps: [] });

function written(answer, number) {
  assert.equal(answer.user.user_id, userId);
  assert.ok(answer.message);
  assert.equal(new Set(answer.log_ids).size, number);
  return answer.log_ids;
}

function removed(answer, ids) {
  assert.equal(answer.user.user_id, userId);
  assert.deepEqual(answer.processed_data, ids.map((id) => ({ id, response_code: 200 })));
}

async function fetched(group, choices = { with_samples: true }) {
  const answer = await terra[group].fetch({ user_id: userId, ...month, ...choices });
  assert.equal(answer.user.user_id, userId);
  return answer.data;
}

const midnights = (data, noted) =>
  assert.deepEqual(data.map((found) => found.metadata.start_time.slice(0, 10)), noted.map((item) => item.date));

export const CALLS = {
  "authentication.authenticateuser": async () => {
    const answer = await terra.authentication.authenticateuser({ resource: "SANDBOX", reference_id: "bob" });
    assert.equal(answer.status, "success");
    assert.ok(new URL(answer.auth_url));
    assert.equal((await terra.user.getinfoforuserid({ user_id: answer.user_id })).is_authenticated, false);
  },
  "authentication.generatewidgetsession": async () => {
    const answer = await terra.authentication.generatewidgetsession({ providers: "SANDBOX", language: "en" });
    assert.deepEqual([answer.status, answer.expires_in], ["success", 900]);
    assert.match(await (await fetch(answer.url)).text(), /Sandbox Wearables/);
  },
  "authentication.generateauthtoken": async () => {
    const answer = await terra.authentication.generateauthtoken();
    assert.deepEqual([answer.status, answer.expires_in], ["success", 180]);
    assert.match(answer.token, /^[0-9a-f]{64}$/);
  },
  "authentication.deauthenticateuser": async () => {
    const answer = await terra.authentication.deauthenticateuser({ user_id: spareUserId });
    assert.deepEqual(answer, { status: "success" });
  },
  "user.getinfoforuserid": async () => {
    const answer = await terra.user.getinfoforuserid({ user_id: userId });
    assert.deepEqual([answer.status, answer.is_authenticated], ["success", true]);
    assert.deepEqual([answer.user.user_id, answer.user.provider, answer.user.active], [userId, "SANDBOX", true]);
    const many = await terra.user.getinfoforuserid({ reference_id: "ann" });
    assert.ok(many.users.some((user) => user.user_id === userId));
  },
  "user.getalluserids": async () => {
    const everyone = await terra.user.getalluserids();
    assert.ok(everyone.users.some((user) => user.user_id === userId));
    const page = await terra.user.getalluserids({ page: 0, per_page: 1 });
    assert.equal(page.data.results.length, 1);
    assert.deepEqual([page.data.next, page.data.max_page], [1, everyone.users.length - 1]);
  },
  "user.getinfoformultipleuserids": async () => {
    const users = await terra.user.getinfoformultipleuserids([nobody, userId]);
    assert.deepEqual(users.map((user) => user.user_id), [userId]);
  },
  "user.modifyuser": async () => {
    const answer = await terra.user.modifyuser(userId, { reference_id: "anna" });
    assert.deepEqual([answer.status, answer.user.reference_id], ["success", "anna"]);
    const back = await terra.user.modifyuser(userId, { reference_id: "ann", active: true });
    assert.deepEqual([back.user.reference_id, back.user.active], ["ann", true]);
  },
  "activity.fetch": async () => {
    const found = await fetched("activity");
    assert.equal(found.length, facts.documents.activity.length);
    facts.documents.activity.forEach((noted, number) => {
      const { metadata, distance_data } = found[number];
      assert.deepEqual([metadata.summary_id, metadata.name], [noted.id, noted.title]);
      sameMoment(metadata.start_time, noted.started_at);
      sameMoment(metadata.end_time, noted.ended_at);
      const metres = noted.distance_km === null ? null : Math.round(noted.distance_km * 1000);
      assert.equal(distance_data.summary.distance_meters, metres);
    });
  },
  "activity.write": async () => {
    const ids = written(await terra.activity.write({ data: [workout("first"), workout("second")] }, forUser), 2);
    const found = (await terra.activity.fetch({ user_id: userId, ...day })).data;
    const names = Object.fromEntries(found.map(({ metadata }) => [metadata.summary_id, metadata.name]));
    assert.deepEqual(ids.map((id) => names[id]), ["first", "second"]);
  },
  "athlete.fetch": async () => {
    const { type, athlete } = await terra.athlete.fetch({ user_id: userId, to_webhook: false });
    const { given_name, family_name, email, account_id } = facts.person;
    assert.deepEqual([type, athlete.first_name, athlete.last_name], ["athlete", given_name, family_name]);
    assert.deepEqual([athlete.email, athlete.provider_user_id], [email, account_id]);
  },
  "body.fetch": async () => midnights(await fetched("body"), facts.documents.body),
  "body.write": async () => {
    written(await terra.body.write({ data: [weight(81.5)], user_id: userId }), 1);
    const [found] = (await terra.body.fetch({ user_id: userId, ...day, with_samples: true })).data;
    assert.equal(found.measurements_data.measurements.at(-1).weight_kg, 81.5);
  },
  "body.delete": async () => {
    const ids = written(await terra.body.write({ data: [weight(60), weight(61)] }, forUser), 2);
    removed(await terra.body.delete({ user_id: userId, log_ids: ids }), ids);
  },
  "daily.fetch": async () => {
    const found = await fetched("daily");
    midnights(found, facts.documents.daily);
    assert.deepEqual(found.map((item) => item.distance_data.steps), facts.documents.daily.map((item) => item.steps));
  },
  "menstruation.fetch": async () => {
    const found = await fetched("menstruation");
    midnights(found, facts.documents.menstruation);
    const days = facts.documents.menstruation.map((item) => item.cycle_day);
    assert.deepEqual(found.map((item) => item.menstruation_data.day_in_cycle), days);
  },
  "nutrition.fetch": async () => {
    const found = await fetched("nutrition");
    midnights(found, facts.documents.nutrition);
    const meals = (items) => items.map((item) => item.meals.map((meal) => meal.name));
    assert.deepEqual(meals(found), meals(facts.documents.nutrition));
  },
  "nutrition.write": async () => {
    written(await terra.nutrition.write({ data: [diary("Soup"), diary("Stew")], user_id: userId }), 2);
    const [found] = (await terra.nutrition.fetch({ user_id: userId, ...day })).data;
    assert.deepEqual(found.meals.slice(-2).map((meal) => meal.name), ["Soup", "Stew"]);
  },
  "nutrition.delete": async () => {
    const ids = written(await terra.nutrition.write({ data: [{ ...diary("Pie"), user_id: userId }] }), 1);
    removed(await terra.nutrition.delete({ user_id: userId, data: ids }), ids);
  },
  "plannedworkout.fetch": async () => {
    const found = await fetched("plannedworkout", {});
    const names = facts.documents.planned_workout.map((item) => item.title);
    assert.deepEqual(found.map((item) => item.metadata.name), names);
    sameMoment(found[0].metadata.planned_date, facts.documents.planned_workout[0].starts_at);
  },
  "plannedworkout.write": async () => {
    const answer = await terra.plannedworkout.write({ user_id: userId, data: [plan("Hills"), plan("Track")] });
    const ids = written(answer, 2);
    const found = (await terra.plannedworkout.fetch({ user_id: userId, ...day })).data;
    const names = Object.fromEntries(found.map(({ metadata }) => [metadata.id, metadata.name]));
    assert.deepEqual(ids.map((id) => names[id]), ["Hills", "Track"]);
  },
  "plannedworkout.delete": async () => {
    const ids = written(await terra.plannedworkout.write({ user_id: userId, data: [plan("Jog")] }), 1);
    removed(await terra.plannedworkout.delete({ user_id: userId, data: ids }), ids);
  },
  "sleep.fetch": async () => {
    const found = await fetched("sleep");
    const ids = facts.documents.sleep.map((item) => item.id);
    assert.deepEqual(found.map((item) => item.metadata.summary_id), ids);
    found.forEach((item, number) => sameMoment(item.metadata.start_time, facts.documents.sleep[number].started_at));
  },
  "integrations.fetch": async () => {
    const answer = await terra.integrations.fetch();
    assert.ok(answer.providers.includes("SANDBOX"));
    assert.deepEqual(answer.sdk_resource, []);
  },
  "integrations.detailedfetch": async () => {
    const { providers } = await terra.integrations.detailedfetch();
    const { enabled, types } = providers.find(({ provider }) => provider === "SANDBOX");
    assert.equal(enabled, true);
    assert.ok(Object.values(types).every(Boolean));
    assert.deepEqual((await terra.integrations.detailedfetch({ sdk: true })).providers, []);
  },
};
