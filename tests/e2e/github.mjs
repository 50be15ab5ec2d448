// See github.sh. Every step waits for what it wants to see; nothing sleeps for luck.
import { spawn } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';

const binary = process.argv[2];
const api = process.env.FANLIGHT_CONTRACT_API, controlUrl = process.env.FANLIGHT_CONTRACT_CONTROL;
const work = fs.mkdtempSync(path.join(os.tmpdir(), 'fanlight-e2e-'));
const logFile = path.join(work, 'serve.log'), dataDir = path.join(work, 'data');
const repo = 'acme/infra';
const secrets = [];
const patience = 300;  // seconds, for a machine that does much else

// --- small things -------------------------------------------------------------------------------------------------

function fail(what) { throw new Error(what); }
function check(holds, what) { if (!holds) fail(what); }
function equal(got, wanted, what) {
  const [a, b] = [JSON.stringify(got), JSON.stringify(wanted)];
  if (a !== b) fail(`${what}: ${a} instead of ${b}`);
}
function step(what) { console.log(`- ${what}`); }

async function until(what, seconds, look) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    if (Date.now() > end) fail(`not within ${seconds} s: ${what}`);
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
}

async function control(command, body = {}) {
  const answer = await fetch(`${controlUrl}/${command}`, { method: 'POST', body: JSON.stringify(body) });
  const text = await answer.text();
  check(answer.status === 200, `fake: ${command}: ${text}`);
  return JSON.parse(text);
}

function base62(bytes) {
  const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  return [...crypto.randomBytes(bytes)].map((byte) => digits[byte % 62]).join('');
}
// GitHub's form: thirty characters and their CRC-32 in base 62.
function githubToken() {
  const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz', body = base62(30);
  let crc = 0xffffffff;
  for (const byte of Buffer.from(body)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  crc = (crc ^ 0xffffffff) >>> 0;
  let sum = '';
  for (let i = 0; i < 6; i++, crc = Math.floor(crc / 62)) sum = digits[crc % 62] + sum;
  const token = `gh${'p'}_${body}${sum}`;
  secrets.push(token);
  return token;
}

// --- the bot ------------------------------------------------------------------------------------------------------

let bot, url;
async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => { server.once('listening', resolve); });
  const { port } = server.address();
  await new Promise((resolve) => { server.close(resolve); });
  return port;
}

async function configure() {
  const credentials = await control('credentials');
  const file = (name, text) => { const where = path.join(work, name); fs.writeFileSync(where, text, { mode: 0o600 }); return where; };
  secrets.push(credentials.webhook_secret, credentials.private_key.split('\n')[3]);
  url = `http://127.0.0.1:${await freePort()}`;
  fs.mkdirSync(dataDir);
  fs.writeFileSync(path.join(work, 'fanlight.yaml'), [
    `listen: ${url.slice('http://'.length)}`, `data_dir: ${dataDir}`, 'log: {level: debug}', 'settle: 1s',
    // How long a job of a killed bot stays somebody's: this and half a minute.
    'job_timeout: 30s', `dashboard_token: {file: ${file('dashboard', 'overview-password')}}`,
    'github:', `  api_url: ${api}`, '  web_url: https://github.example.org', `  app_id: "${credentials.app_id}"`,
    `  app_private_key: {file: ${file('key.pem', credentials.private_key)}}`,
    `  webhook_secret: {file: ${file('webhook', credentials.webhook_secret)}}`, ''].join('\n'));
}

async function start() {
  const log = fs.openSync(logFile, 'a');
  bot = spawn(binary, ['serve', '--config', path.join(work, 'fanlight.yaml')], { stdio: ['ignore', log, log] });
  fs.closeSync(log);
  const started = bot;
  await until('the bot answers', patience, async () => {
    if (started.exitCode !== null) fail('the bot ended at its start');
    try { return (await fetch(`${url}/readyz`)).status === 200; } catch { return false; }
  });
}

async function end(signal) {
  const ended = new Promise((resolve) => { bot.once('exit', (code, by) => resolve(by ?? code)); });
  bot.kill(signal);
  return ended;
}

const deliver = (wish) => control('deliver', { url: `${url}/hooks/github`, repo, ...wish });
const opened = (number, more = {}) => deliver({ event: 'pull_request', action: 'opened', number, ...more });

async function metric(line) {
  const text = await (await fetch(`${url}/metrics`)).text();
  const found = text.split('\n').find((one) => one.startsWith(`${line} `));
  return found ? Number(found.split(' ').at(-1)) : 0;
}
async function idle() {
  return (await metric('fanlight_jobs{state="waiting"}')) + (await metric('fanlight_jobs{state="leased"}')) === 0;
}

// Everything posted on one change.
async function posted(number) {
  const state = await control('state'), key = `${repo}#${number}`;
  const own = (list) => list.filter((item) => item.key === key && item.login === 'fanlight-test[bot]');
  const comments = own(state.comments);
  return {
    reviews: own(state.reviews), inline: own(state.reviewComments), reactions: state.reactions,
    summaries: comments.filter((c) => c.body.includes('<!-- fanlight:summary')),
    replies: comments.filter((c) => c.body.includes('<!-- fanlight:reply')),
  };
}
async function runOf(sha) {
  const runs = (await control('state')).runs.filter((run) => run.head_sha === sha);
  return runs.at(-1)?.status === 'completed' ? runs.at(-1) : null;
}
const concluded = (sha) => until(`a verdict on ${sha}`, patience, () => runOf(sha));

async function comment(number, body, login = 'ada') {
  const { id } = await control('comment', { repo, number, login, body });
  const answer = await deliver({ event: 'issue_comment', action: 'created', number, login, comment: id, body });
  equal(answer.status, 202, `delivery of "${body}"`);
  return id;
}
const answerTo = (number, id) => until(`an answer to comment ${id}`, patience, async () => (await posted(number)).replies.find((c) => c.body.includes(`reply:${id}`)));

const moduleText = (lines) => [...Array.from({ length: 10 }, (_, i) => `# line ${i + 1}`), ...lines, ''].join('\n');

// --- the story ----------------------------------------------------------------------------------------------------

async function aPullRequestThatLeaks() {
  const token = githubToken();
  const { head } = await control('pull', {
    repo, number: 1, title: 'Add the labels service', commits: [{ message: 'labels', files: {
      'modules/labels/main.tf': moduleText([`token = "${token}"`, 'cidr_blocks = ["10.42.16.0/20"]']) } }] });
  await control('requests');
  const payload = await control('payload', { event: 'pull_request', action: 'opened', repo, number: 1 });
  equal((await deliver({ event: 'pull_request', payload })).status, 202, 'delivery');
  const run = await concluded(head);
  await until('nothing left to do', patience, idle);
  const requests = await control('requests');
  console.log(`  requests of the first review: ${requests.length}`);
  for (const r of requests) console.log(`    ${r.method} ${r.path} ${r.status}`);
  equal(run.conclusion, 'failure', 'the check');
  check(run.output.title.includes('2 to fix'), `the check says "${run.output.title}"`);
  check(run.annotations.length === 2, `${run.annotations.length} annotations`);
  const got = await posted(1);
  equal(got.reviews.length, 1, 'reviews');
  equal(got.inline.map((c) => `${c.path}:${c.line} ${c.side}`).sort(), ['modules/labels/main.tf:11 RIGHT', 'modules/labels/main.tf:12 RIGHT'], 'places of the comments');
  check(got.inline.find((c) => c.line === 11).body.includes('Revoke'), 'the comment on the token says what to do');
  equal(got.summaries.length, 1, 'summaries');
  check(got.summaries[0].body.includes('modules/labels/main.tf:11'), 'the summary names the place');
  return { head, run, payload };
}

async function itsPage(run) {
  const page = await fetch(run.details_url), html = await page.text();
  equal(page.status, 200, 'the page');
  check(run.details_url.startsWith(url), `the page is at ${run.details_url}`);
  check(html.includes('Add the labels service') && html.includes('████'), 'the page shows the change, blacked out');
  for (const secret of secrets) check(!html.includes(secret), 'a secret is on the page');
  const signed = new URL(run.details_url);
  const tampered = [
    ['sig', 'f'.repeat(32)], ['until', String(Number(signed.searchParams.get('until')) + 1)], ['sig', '']];
  for (const [name, value] of tampered) {
    const other = new URL(signed);
    other.searchParams.set(name, value);
    equal((await fetch(other)).status, 403, `the page with another ${name}`);
  }
  equal((await fetch(`${signed.origin}${signed.pathname}`)).status, 403, 'the page without a signature');
  equal((await fetch(`${url}/`)).status, 401, 'the overview without a token');
  const overview = await fetch(`${url}/`, { headers: { authorization: 'Bearer overview-password' } });
  equal(overview.status, 200, 'the overview');
  check((await overview.text()).includes('acme/infra#1'), 'the overview names the change');
}

async function twiceIsOnce(head, payload) {
  const first = await deliver({ event: 'pull_request', payload });
  equal(first.status, 200, 'the same under another id');
  equal((await deliver({ event: 'pull_request', payload, delivery: first.delivery })).status, 200, 'the same again');
  equal((await opened(1, { secret: 'not the secret' })).status, 401, 'a signature that does not hold');
  const unsigned = await fetch(`${url}/hooks/github`, { method: 'POST', body: '{}', headers: { 'x-github-event': 'ping' } });
  equal(unsigned.status, 401, 'no signature');
  equal((await deliver({ event: 'ping' })).status, 200, 'a ping');
  await until('nothing left to do', patience, idle);
  const got = await posted(1);
  equal([got.reviews.length, got.inline.length, got.summaries.length], [1, 2, 1], 'reviews, comments and summaries');
  equal((await control('state')).runs.filter((r) => r.head_sha === head).length, 1, 'checks');
}

async function aFix() {
  const clean = { 'modules/labels/main.tf': moduleText(['token = var.token', 'cidr_blocks = var.cidr_blocks']) };
  const fix = await control('push', { repo, number: 1, commits: [{ message: 'read it from the store', files: clean }] });
  await deliver({ event: 'pull_request', action: 'synchronize', number: 1 });
  equal((await concluded(fix.head)).conclusion, 'failure', 'the check while the history still has it');
  let got = await posted(1);
  equal([got.inline.length, got.summaries.length], [2, 1], 'comments and summaries');

  // Squashed: nothing has it any more.
  const base = (await control('payload', { event: 'pull_request', action: 'opened', repo, number: 1 })).pull_request.base.sha;
  const squashed = await control('push', { repo, number: 1, commits: [{ message: 'labels', from: base, files: clean }] });
  await deliver({ event: 'pull_request', action: 'synchronize', number: 1 });
  equal((await concluded(squashed.head)).conclusion, 'success', 'the check');
  await until('nothing left to do', patience, idle);
  got = await posted(1);
  equal([got.inline.length, got.summaries.length], [2, 1], 'comments and summaries');
  check(got.summaries[0].edits >= 1 && got.summaries[0].body.includes('Nothing to fix'), `the summary says ${got.summaries[0].body}`);
}

async function commands() {
  await control('set', { permissions: { ada: 'write', eve: 'read' } });
  const { head } = await control('pull', { repo, number: 2, commits: [{ message: 'peer', files: { 'modules/labels/main.tf': moduleText(['cidr_blocks = ["10.42.16.0/20"]']) } }] });
  await control('requests');
  await opened(2);
  equal((await concluded(head)).conclusion, 'failure', 'the check');
  await until('nothing left to do', patience, idle);
  const requests = await control('requests');
  console.log(`  requests of a later review: ${requests.length}`);
  check(requests.length <= 8, `${requests.length} requests for one small review: ${requests.map((r) => `${r.method} ${r.path}`).join(', ')}`);

  const slip = await comment(2, '/fanlight recehck', 'eve');
  check((await answerTo(2, slip)).body.includes('Did you mean `recheck`'), 'the answer to a slip');
  check((await posted(2)).reactions.some((r) => r.comment === slip && r.content === 'eyes'), 'the comment was seen');

  const finding = /fanlight:inline:([0-9a-f]{8})/.exec((await posted(2)).inline[0].body)[1];
  const refused = await comment(2, `/fanlight allow ${finding} --reason "it is ours"`, 'eve');
  check((await answerTo(2, refused)).body.includes('Only people who can write'), 'the answer to who may not');
  const allowed = await comment(2, `/fanlight allow ${finding} --reason "documentation address"`);
  check((await answerTo(2, allowed)).body.includes('**Accepted'), 'the answer to who may');
  await until('the check passes', patience, async () => (await runOf(head))?.conclusion === 'success');

  const before = await metric('fanlight_jobs_total{kind="review",outcome="done"}');
  await comment(2, 'Please.\n\n/fanlight recheck\n');
  await until('it looks again', patience, async () => (await metric('fanlight_jobs_total{kind="review",outcome="done"}')) === before + 1);
  await comment(2, '> /fanlight help\n\n`/fanlight help`').catch(() => {});
  await until('nothing left to do', patience, idle);
  equal((await posted(2)).replies.length, 3, 'answers');
}

async function aBurst() {
  await control('pull', { repo, number: 3, commits: [{ message: 'first', files: { 'modules/a/main.tf': 'a = 1\n' } }] });
  const payloads = [];
  let head;
  for (let i = 0; i < 100; i++) {
    ({ head } = await control('push', { repo, number: 3, commits: [{ message: `push ${i}`, files: { 'modules/a/main.tf': `cidr_blocks = ["10.9.${i}.0/24"]\n` } }] }));
    payloads.push(await control('payload', { event: 'pull_request', action: 'synchronize', repo, number: 3 }));
  }
  const begun = Date.now();
  const answers = await Promise.all(payloads.map((payload) => deliver({ event: 'pull_request', payload })));
  console.log(`  100 deliveries answered in ${Date.now() - begun} ms`);
  equal(new Set(answers.map((a) => a.status)), new Set([202]), 'answers');
  equal((await concluded(head)).conclusion, 'failure', 'the check');
  await until('nothing left to do', patience, idle);
  const got = await posted(3);
  equal([got.reviews.length, got.inline.length, got.summaries.length], [1, 1, 1], 'reviews, comments and summaries');
  equal(got.reviews[0].commit, head, 'the head that was reviewed');
  const all = (await control('state')).runs.filter((run) => payloads.some((p) => p.pull_request.head.sha === run.head_sha));
  equal(all.length, 1, 'checks of all hundred heads');
}

async function killedInTheMiddle() {
  const numbers = Array.from({ length: 20 }, (_, i) => 100 + i), heads = {};
  for (const number of numbers) {
    ({ head: heads[number] } = await control('pull', { repo, number, commits: [{ message: 'leak', files: { [`modules/m${number}/main.tf`]: moduleText([`token = "${githubToken()}"`]) } }] }));
  }
  // As GitHub does: what was not answered is sent again by who watches, under the same id.
  const unanswered = [];
  const send = async (number, delivery) => {
    try {
      const answer = await opened(number, { delivery });
      if (answer.status >= 300) unanswered.push([number, delivery]);
    } catch { unanswered.push([number, delivery]); }
  };
  const reviews = async () => (await control('state')).reviews.filter((r) => numbers.some((n) => r.key === `${repo}#${n}`)).length;
  const first = numbers.slice(0, 14).map((number) => send(number, crypto.randomUUID()));
  await until('some reviews are out', patience, async () => (await reviews()) >= 3);
  const late = numbers.slice(14).map((number) => send(number, crypto.randomUUID()));
  equal(await end('SIGKILL'), 'SIGKILL', 'the end');
  await Promise.all([...first, ...late]);
  const atKill = await reviews();
  console.log(`  killed with ${atKill} of 20 reviews out, ${unanswered.length} deliveries not answered`);
  check(atKill < 20, 'the kill came too late to tell anything');
  await start();
  const again = unanswered.splice(0);
  for (const [number, delivery] of again) await send(number, delivery);
  equal(unanswered.length, 0, 'deliveries not answered after the restart');
  for (const number of numbers) equal((await concluded(heads[number])).conclusion, 'failure', `the check of #${number}`);
  await until('nothing left to do', patience, idle);
  for (const number of numbers) {
    const got = await posted(number);
    equal([got.reviews.length, got.inline.length, got.summaries.length], [1, 1, 1], `reviews, comments and summaries of #${number}`);
  }
}

async function secretsInWords() {
  const [inTitle, inBody, inBranch, inMessage] = [githubToken(), githubToken(), githubToken(), githubToken()];
  const { head } = await control('pull', { repo, number: 4, title: `use ${inTitle}`, body: `or ${inBody}`, branch: `topic-${inBranch}`, commits: [{ message: `with ${inMessage}`, files: { 'a.txt': 'a\n' } }] });
  await opened(4);
  const run = await concluded(head);
  equal(run.conclusion, 'failure', 'the check');
  check(run.output.title.includes('4 to fix'), `the check says "${run.output.title}"`);
  await until('nothing left to do', patience, idle);
  const html = await (await fetch(run.details_url)).text();
  for (const secret of secrets) check(!html.includes(secret), 'a secret is on the page');
}

function nothingSecretIsKept() {
  for (const name of [logFile, ...fs.readdirSync(dataDir).map((file) => path.join(dataDir, file))]) {
    const bytes = fs.readFileSync(name);
    for (const secret of secrets) check(!bytes.includes(secret), `a secret is in ${path.basename(name)}`);
  }
}

async function nothingSecretIsPosted() {
  const { comments, reviewComments, reviews, runs } = await control('state');
  const text = JSON.stringify([comments.filter((c) => c.login.endsWith('[bot]')), reviewComments, reviews, runs]);
  for (const secret of secrets) check(!text.includes(secret), 'a secret is in what was posted');
}

let status = 0;
try {
  await control('reset');
  await control('repo', { name: repo, files: { 'modules/labels/main.tf': moduleText([]), 'README.md': 'infra\n' } });
  await configure();
  await start();
  step('a pull request that leaks is reviewed');
  const { head, run, payload } = await aPullRequestThatLeaks();
  step('its page opens with its link alone');
  await itsPage(run);
  step('what is sent twice is done once; what is not signed is refused');
  await twiceIsOnce(head, payload);
  step('a fix edits the summary and turns the check');
  await aFix();
  step('commands are answered');
  await commands();
  step('secrets in title, description, branch and message');
  await secretsInWords();
  step('a hundred pushes at once are one review of the newest head');
  await aBurst();
  step('killed in the middle, nothing is lost and nothing is there twice');
  await killedInTheMiddle();
  step('it ends when asked, and nothing secret is left behind');
  await nothingSecretIsPosted();
  equal(await end('SIGTERM'), 0, 'the end');
  nothingSecretIsKept();
  console.log('github: reviewed, mended, talked to, flooded, killed');
} catch (error) {
  status = 1;
  console.log(`FAILED: ${error.message}`);
  if (fs.existsSync(logFile)) console.log(fs.readFileSync(logFile, 'utf8').split('\n').slice(-25).join('\n'));
} finally {
  if (bot && bot.exitCode === null && bot.signalCode === null) bot.kill('SIGKILL');
  fs.rmSync(work, { recursive: true, force: true });
}
process.exitCode = status;
