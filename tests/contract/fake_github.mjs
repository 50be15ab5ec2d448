// A GitHub in memory, as strict as the real one where an API description cannot be: anchors outside the diff, start
// lines that do not precede, reviews taken whole or not at all, texts and lists over their limit, unknown fields,
// statuses that go backwards, tokens that expired. Repositories are real git repositories.
//
//   node fake_github.mjs [PORT]      listens on 127.0.0.1 and prints one line "listening PORT" (0 or nothing: any)
//
// /_control/… is how a test sets it up (see control below); everything else is GitHub's API.
import http from 'node:http';
import crypto from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Repo, anchors } from './fake_repo.mjs';
import { Answers, description } from './description.mjs';
import { deliver, payloadFor } from './fake_webhooks.mjs';
import { Refusal, checkBody, limits } from './fake_rules.mjs';

const answers = new Answers(description());
const root = fs.mkdtempSync(path.join(os.tmpdir(), 'fake-github-'));
const appKey = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });

let world;
function reset() {
  fs.rmSync(root, { recursive: true, force: true });
  fs.mkdirSync(root);
  world = {
    app: { id: 4711, slug: 'fanlight-test', installation: 77 },
    secret: world?.secret ?? crypto.randomBytes(16).toString('hex'),
    // In the form of 2026, over 300 characters: nobody may count on a length.
    token: world?.token ?? `ghs_4711_${crypto.randomBytes(240).toString('base64url')}`,
    userToken: world?.userToken ?? crypto.randomBytes(30).toString('base64url'),
    userLogin: 'fanlight-user', tokensMade: 0, revoked: false,
    repos: new Map(), pulls: new Map(), comments: [], reviewComments: [], reviews: [], runs: [], statuses: [],
    reactions: [], permissions: {}, faults: [], requests: [], nextId: 1000,
    patchBytesMax: 100_000, unknownShas: {}, diffRefused: false,
  };
}
reset();

const id = () => world.nextId++;
const user = (login) => answers.make('simple-user', { login, type: login.endsWith('[bot]') ? 'Bot' : 'User' });
const now = () => new Date().toISOString().replace(/\.\d+Z$/, 'Z');

// --- who asks ---------------------------------------------------------------------------------------------------

function verifyJwt(token) {
  const [head, body, signature] = token.split('.');
  if (!signature) return false;
  const good = crypto.verify('sha256', Buffer.from(`${head}.${body}`), appKey.publicKey, Buffer.from(signature, 'base64url'));
  const claims = JSON.parse(Buffer.from(body, 'base64url'));
  const seconds = Date.now() / 1000;
  return good && JSON.parse(Buffer.from(head, 'base64url')).alg === 'RS256' && String(claims.iss) === String(world.app.id) &&
    claims.iat <= seconds && claims.exp > seconds && claims.exp <= seconds + 600;
}

function whoAsks(request) {
  const [, token] = /^(?:Bearer|token) (.+)$/.exec(request.headers.authorization ?? '') ?? [];
  if (!token) return null;
  if (token === world.userToken) return { kind: 'user', login: world.userLogin };
  if (token === world.token && !world.revoked) return { kind: 'installation', login: `${world.app.slug}[bot]` };
  try { if (verifyJwt(token)) return { kind: 'app', login: `${world.app.slug}[bot]` }; } catch { /* not a JWT */ }
  return null;
}

// --- what is asked ----------------------------------------------------------------------------------------------

const routes = [];
const route = (method, pattern, who, handler) => {
  const names = [];
  const source = pattern.replace(/\{(\w+)\}/g, (_, name) => { names.push(name); return '([^/]+)'; });
  routes.push({ method, regex: new RegExp(`^${source}$`), names, who, handler });
};
const R = '/repos/{owner}/{repo}';

const json = (status, body, headers = {}) => ({ status, body: JSON.stringify(body), headers: { 'content-type': 'application/json; charset=utf-8', ...headers } });
const bytes = (body, type) => ({ status: 200, body, headers: { 'content-type': `${type}; charset=utf-8` } });
const notFound = () => { throw new Refusal(404, 'Not Found'); };

function paged(list, context, wrap = (page) => page) {
  const perPage = Number(context.query.get('per_page') ?? 30), page = Number(context.query.get('page') ?? 1);
  if (perPage > limits.perPage) throw new Refusal(422, `per_page ${perPage} is over ${limits.perPage}`);
  const last = Math.max(1, Math.ceil(list.length / perPage));
  const base = `https://api.github.com${context.path}?per_page=${perPage}`;
  const links = page < last ? [`<${base}&page=${page + 1}>; rel="next"`, `<${base}&page=${last}>; rel="last"`] : [];
  if (page > 1) links.unshift(`<${base}&page=${page - 1}>; rel="prev"`);
  return json(200, wrap(list.slice((page - 1) * perPage, page * perPage), page), links.length ? { link: links.join(', ') } : {});
}

const repoOf = (context) => world.repos.get(`${context.owner}/${context.repo}`) ?? notFound();
const pullOf = (context, number = context.number) => world.pulls.get(`${context.owner}/${context.repo}#${number}`) ?? notFound();
function commitOf(context, sha) {
  const left = world.unknownShas[sha] ?? 0;
  if (left > 0) world.unknownShas[sha] = left - 1;
  if (left > 0 || !/^[0-9a-f]{40}$/.test(sha) || !repoOf(context).git.has(sha)) throw new Refusal(422, `No commit found for SHA: ${sha}`);
}

function diffAnswer(repo, from, to) {
  const diff = repo.git.diff(from, to);
  const files = repo.git.files(from, to).length;
  const tooLarge = (what) => { throw new Refusal(406, `Sorry, the diff exceeded the maximum number of ${what}.`, [{ resource: 'PullRequest', field: 'diff', code: 'too_large' }]); };
  if (world.diffRefused || files > limits.diffFiles) tooLarge(`files (${limits.diffFiles})`);
  if (diff.toString('latin1').split('\n').length > limits.diffLines) tooLarge(`lines (${limits.diffLines})`);
  if (diff.length > limits.diffBytes) tooLarge('bytes');
  return bytes(diff, 'application/vnd.github.diff');
}

const fileEntry = (file) => answers.make('diff-entry', {
  ...file, patch: file.patch !== undefined && Buffer.byteLength(file.patch) <= world.patchBytesMax ? file.patch : undefined,
});
const commitEntry = (item) => answers.make('commit', {
  sha: item.sha, parents: item.parents.map((sha) => ({ sha, url: 'https://example.org/' })),
  commit: { message: item.message, author: { name: item.name, email: item.email, date: '2025-10-09T08:53:20Z' } },
});

route('GET', '/app', 'app', () => json(200, answers.make('integration', { id: world.app.id, slug: world.app.slug, node_id: 'x', name: 'x', owner: user('acme'), description: null, external_url: 'https://example.org/', html_url: 'https://example.org/', created_at: now(), updated_at: now(), permissions: {}, events: [] })));
route('GET', `${R}/installation`, 'app', (context) => { repoOf(context); return json(200, answers.make('installation', { id: world.app.installation, app_id: world.app.id })); });
route('POST', '/app/installations/{installation}/access_tokens', 'app', (context) => {
  if (Number(context.installation) !== world.app.installation) notFound();
  world.revoked = false;
  world.tokensMade++;
  world.token = `ghs_4711_${crypto.randomBytes(240).toString('base64url')}`;
  return json(201, { token: world.token, expires_at: new Date(Date.now() + 3600e3).toISOString().replace(/\.\d+Z$/, 'Z'), permissions: {}, repository_selection: 'all' });
});

// An App that is not installed there, or a person who may not see it, is told that nothing is there.
route('GET', R, 'any', (context) => {
  const repo = repoOf(context);
  if (repo.hidden) notFound();
  return json(200, answers.make('full-repository', { full_name: `${context.owner}/${context.repo}`, private: repo.private, size: repo.size }));
});
route('GET', `${R}/pulls/{number}`, 'any', (context) => {
  const repo = repoOf(context), pull = pullOf(context), base = repo.git.mergeBase(pull.base, pull.head);
  if (context.accept.startsWith('application/vnd.github.diff')) return diffAnswer(repo, base, pull.head);
  const full = `${context.owner}/${context.repo}`;
  const side = (ref, sha, name) => ({ ref, sha, label: ref, user: user('acme'), repo: answers.make('repository', { full_name: name, private: repo.private }) });
  const body = answers.make('pull-request', {
    number: Number(context.number), title: pull.title, body: pull.body, state: pull.state, draft: pull.draft, user: user(pull.author),
    base: side(pull.baseRef, pull.base, full), head: side(pull.branch, pull.head, pull.fork ?? full),
    changed_files: repo.git.files(base, pull.head).length, commits: repo.git.commits(pull.base, pull.head).length,
    comments: world.comments.filter((c) => c.key === pull.key).length,
    review_comments: world.reviewComments.filter((c) => c.key === pull.key).length, updated_at: now(),
  });
  const etag = `"${crypto.createHash('sha256').update(JSON.stringify({ ...body, updated_at: 0 })).digest('hex').slice(0, 16)}"`;
  if (context.request.headers['if-none-match'] === etag) return { status: 304, body: '', headers: { etag } };
  return json(200, body, { etag });
});
route('GET', `${R}/pulls/{number}/files`, 'any', (context) => {
  const repo = repoOf(context), pull = pullOf(context);
  return paged(repo.git.files(repo.git.mergeBase(pull.base, pull.head), pull.head).slice(0, limits.listedFiles), context, (page) => page.map(fileEntry));
});
route('GET', `${R}/pulls/{number}/commits`, 'any', (context) => {
  const pull = pullOf(context);
  return paged(repoOf(context).git.commits(pull.base, pull.head).slice(0, limits.listedCommits), context, (page) => page.map(commitEntry));
});
route('GET', `${R}/compare/{range}`, 'any', (context) => {
  const repo = repoOf(context), [base, head] = context.range.split('...');
  if (!head || !repo.git.has(base) || !repo.git.has(head)) notFound();
  const mergeBase = repo.git.mergeBase(base, head);
  if (context.accept.startsWith('application/vnd.github.diff')) return diffAnswer(repo, mergeBase, head);
  const commits = repo.git.commits(base, head);
  return paged(commits, context, (page, number) => answers.make('commit-comparison', {
    status: 'ahead', ahead_by: commits.length, behind_by: 0, total_commits: commits.length,
    merge_base_commit: { sha: mergeBase }, base_commit: { sha: base }, commits: page.map(commitEntry),
    files: number === 1 ? repo.git.files(mergeBase, head).slice(0, limits.comparedFiles).map(fileEntry) : [],
  }));
});
route('GET', `${R}/contents/{file}`, 'any', (context) => {
  if (!context.accept.startsWith('application/vnd.github.raw')) throw new Refusal(415, 'the fake knows raw contents alone');
  const content = repoOf(context).git.show(context.query.get('ref'), context.file) ?? notFound();
  const etag = `"${crypto.createHash('sha256').update(content).digest('hex').slice(0, 16)}"`;
  if (context.request.headers['if-none-match'] === etag) return { status: 304, body: '', headers: { etag } };
  const answer = bytes(content, 'application/vnd.github.raw');
  answer.headers.etag = etag;
  return answer;
});
route('GET', `${R}/git/blobs/{sha}`, 'any', (context) => bytes(repoOf(context).git.blob(context.sha) ?? notFound(), 'application/vnd.github.raw'));

// --- comments and reviews -----------------------------------------------------------------------------------------

const commentEntry = (c) => answers.make('issue-comment', { id: c.id, body: c.body, user: user(c.login), html_url: `https://example.org/c/${c.id}`, author_association: 'MEMBER' });
const reviewCommentEntry = (c) => answers.make('pull-request-review-comment', {
  id: c.id, body: c.body, user: user(c.login), path: c.path, line: c.line, commit_id: c.commit, original_commit_id: c.commit,
  in_reply_to_id: c.thread, author_association: 'MEMBER', pull_request_review_id: c.review, html_url: `https://example.org/rc/${c.id}`,
});

route('GET', `${R}/issues/{number}/comments`, 'any', (context) => { const pull = pullOf(context); return paged(world.comments.filter((c) => c.key === pull.key), context, (page) => page.map(commentEntry)); });
route('POST', `${R}/issues/{number}/comments`, 'writer', (context) => {
  const pull = pullOf(context), body = checkBody(context.body, 'comment');
  const comment = { id: id(), key: pull.key, login: context.asker, body: body.body.trim() };
  world.comments.push(comment);
  return json(201, commentEntry(comment), { location: 'https://example.org/' });
});
route('PATCH', `${R}/issues/comments/{comment}`, 'writer', (context) => {
  const comment = world.comments.find((c) => c.id === Number(context.comment)) ?? notFound();
  if (comment.login !== context.asker) throw new Refusal(403, 'Resource not accessible by integration');
  comment.body = checkBody(context.body, 'comment').body.trim();
  comment.edits = (comment.edits ?? 0) + 1;
  return json(200, commentEntry(comment));
});
route('GET', `${R}/pulls/{number}/comments`, 'any', (context) => { const pull = pullOf(context); return paged(world.reviewComments.filter((c) => c.key === pull.key), context, (page) => page.map(reviewCommentEntry)); });
route('GET', `${R}/pulls/comments/{comment}`, 'any', (context) => json(200, reviewCommentEntry(world.reviewComments.find((c) => c.id === Number(context.comment)) ?? notFound())));
route('POST', `${R}/pulls/{number}/comments/{comment}/replies`, 'writer', (context) => {
  const pull = pullOf(context), parent = world.reviewComments.find((c) => c.id === Number(context.comment)) ?? notFound();
  if (parent.thread) throw new Refusal(422, 'Replies to replies are not supported');
  const comment = { ...parent, id: id(), key: pull.key, login: context.asker, thread: parent.id, body: checkBody(context.body, 'comment').body.trim() };
  world.reviewComments.push(comment);
  return json(201, reviewCommentEntry(comment), { location: 'https://example.org/' });
});
route('GET', `${R}/pulls/{number}/reviews`, 'any', (context) => {
  const pull = pullOf(context);
  return paged(world.reviews.filter((r) => r.key === pull.key), context, (page) => page.map((r) => answers.make('pull-request-review', { id: r.id, body: r.body, user: user(r.login), commit_id: r.commit, author_association: 'MEMBER' })));
});
route('POST', `${R}/pulls/{number}/reviews`, 'writer', (context) => {
  const repo = repoOf(context), pull = pullOf(context), body = checkBody(context.body, 'review');
  if (!repo.git.has(body.commit_id)) throw new Refusal(422, 'Unprocessable Entity', ['Pull request review commit is not part of the pull request']);
  const files = repo.git.files(repo.git.mergeBase(pull.base, body.commit_id), body.commit_id);
  // Whole or not at all, and without a word about which comment it was.
  for (const comment of body.comments ?? []) {
    const hunks = anchors(files.find((file) => file.filename === comment.path)?.patch);
    const side = comment.side ?? 'RIGHT';
    const hunk = hunks.find((lines) => lines.has(`${side} ${comment.line}`));
    if (!hunk) throw new Refusal(422, 'Unprocessable Entity', ['Line could not be resolved']);
    if (comment.start_line !== undefined) {
      if (comment.start_line >= comment.line) throw new Refusal(422, 'Unprocessable Entity', ['start line must precede the end line']);
      if (!hunk.has(`${comment.start_side ?? side} ${comment.start_line}`)) throw new Refusal(422, 'Unprocessable Entity', ['start line must be part of the same hunk as the line']);
    }
    if (comment.body.includes('refuse-this-anchor')) throw new Refusal(422, 'Unprocessable Entity', ['Line could not be resolved']);
  }
  const review = { id: id(), key: pull.key, login: context.asker, body: body.body.trim(), commit: body.commit_id };
  world.reviews.push(review);
  for (const comment of body.comments ?? []) {
    world.reviewComments.push({ ...comment, id: id(), key: pull.key, login: context.asker, commit: body.commit_id, review: review.id, body: comment.body.trim() });
  }
  return json(200, answers.make('pull-request-review', { id: review.id, body: review.body, user: user(review.login), state: 'COMMENTED', commit_id: review.commit, author_association: 'MEMBER' }));
});
for (const kind of ['issues', 'pulls']) {
  route('POST', `${R}/${kind}/comments/{comment}/reactions`, 'writer', (context) => {
    const list = kind === 'issues' ? world.comments : world.reviewComments;
    if (!list.some((c) => c.id === Number(context.comment))) notFound();
    const content = checkBody(context.body, 'reaction').content;
    const known = world.reactions.find((r) => r.comment === Number(context.comment) && r.content === content && r.login === context.asker);
    const reaction = known ?? { id: id(), comment: Number(context.comment), content, login: context.asker };
    if (!known) world.reactions.push(reaction);
    return json(known ? 200 : 201, answers.make('reaction', { id: reaction.id, content, user: user(context.asker) }));
  });
}

// --- statuses and permissions -------------------------------------------------------------------------------------

const runEntry = (run) => answers.make('check-run', {
  id: run.id, name: run.name, head_sha: run.head_sha, status: run.status, conclusion: run.conclusion ?? null, external_id: run.external_id ?? null,
  html_url: `https://example.org/run/${run.id}`, pull_requests: [], check_suite: null, app: null,
  output: { title: run.output?.title ?? null, summary: run.output?.summary ?? null, text: null, annotations_count: run.annotations.length, annotations_url: 'https://example.org/' },
});
function putRun(run, body) {
  if (run.annotations.length + (body.output?.annotations?.length ?? 0) > 0) run.annotations.push(...(body.output?.annotations ?? []));
  const { output, ...rest } = body;
  Object.assign(run, rest);
  if (output) run.output = { title: output.title, summary: output.summary };
  return run;
}
route('POST', `${R}/check-runs`, 'installation', (context) => {
  const body = checkBody(context.body, 'check-run');
  commitOf(context, body.head_sha);
  const run = putRun({ id: id(), status: 'queued', annotations: [] }, body);
  world.runs.push(run);
  return json(201, runEntry(run));
});
route('PATCH', `${R}/check-runs/{run}`, 'installation', (context) => {
  const run = world.runs.find((r) => r.id === Number(context.run)) ?? notFound(), body = checkBody(context.body, 'check-run');
  if (run.status === 'completed' && body.status && body.status !== 'completed') throw new Refusal(422, 'A completed check run cannot be opened again');
  return json(200, runEntry(putRun(run, body)));
});
route('GET', `${R}/commits/{sha}/check-runs`, 'any', (context) => {
  const name = context.query.get('check_name');
  let runs = world.runs.filter((r) => r.head_sha === context.sha && (!name || r.name === name));
  if ((context.query.get('filter') ?? 'latest') === 'latest') runs = [...new Map(runs.map((r) => [r.name, r])).values()];
  return paged(runs, context, (page) => ({ total_count: runs.length, check_runs: page.map(runEntry) }));
});
route('POST', `${R}/statuses/{sha}`, 'writer', (context) => {
  const body = checkBody(context.body, 'status');
  commitOf(context, context.sha);
  const status = { id: id(), sha: context.sha, ...body };
  world.statuses.push(status);
  return json(201, answers.make('status', { id: status.id, state: body.state, description: body.description, context: body.context, creator: user(context.asker) }), { location: 'https://example.org/' });
});
route('GET', `${R}/collaborators/{login}/permission`, 'any', (context) => {
  const permission = world.permissions[context.login] ?? notFound();
  return json(200, { permission, role_name: permission, user: null });
});

// --- set-up by tests ----------------------------------------------------------------------------------------------

const control = {
  reset: () => { reset(); return {}; },
  // What a bot needs to know to be this GitHub's App or user.
  credentials: () => ({
    app_id: String(world.app.id), private_key: appKey.privateKey.export({ type: 'pkcs1', format: 'pem' }), token: world.userToken,
    user_login: world.userLogin, app_login: `${world.app.slug}[bot]`, webhook_secret: world.secret,
  }),
  repo: ({ name, files = {}, private: closed = false, hidden = false, size = 100 }) => {
    const git = new Repo(root, name);
    world.repos.set(name, { git, private: closed, hidden, size });
    return { base: git.commit('refs/heads/main', { message: 'first', files }), dir: git.dir };
  },
  // A pull request of `commits`, each {message, files}; more of them later with `push`.
  pull: ({ repo, number, commits, branch = `topic-${number}`, title = 'A change', body = '', author = 'ada', fork, draft = false }) => {
    const { git } = world.repos.get(repo), base = git.text(['rev-parse', 'refs/heads/main']), ref = `refs/pull/${number}/head`;
    let from = base;
    const shas = commits.map((commit) => { const sha = git.commit(ref, { ...commit, from }); from = sha; return sha; });
    const key = `${repo}#${number}`;
    world.pulls.set(key, { key, number, repo, base, head: from, branch, baseRef: 'main', title, body, author, fork, draft, state: 'open' });
    return { base, head: from, commits: shas };
  },
  push: ({ repo, number, commits, ref = `refs/pull/${number}/head` }) => {
    const { git } = world.repos.get(repo);
    const shas = commits.map((commit) => git.commit(ref, commit)), pull = world.pulls.get(`${repo}#${number}`), before = pull?.head;
    if (pull) pull.head = shas.at(-1);
    return { before, head: shas.at(-1) };
  },
  merge: ({ repo, number, other, message = 'merge', files = {} }) => {
    const { git } = world.repos.get(repo), pull = world.pulls.get(`${repo}#${number}`);
    pull.head = git.commit(`refs/pull/${number}/head`, { message, files, merge: other });
    return { head: pull.head };
  },
  comment: ({ repo, number, login, body, inline }) => {
    const comment = { id: id(), key: `${repo}#${number}`, login, body, ...(inline ?? {}) };
    (inline ? world.reviewComments : world.comments).push(comment);
    return { id: comment.id };
  },
  // {permissions, revoked, patchBytesMax, diffRefused, unknownShas: {sha: times}}
  set: (values) => { Object.assign(world, values); return {}; },
  // {match: "POST /repos/.*/reviews", times, status, body, headers, after}: an answer instead of the real one; with
  // `after` the request is carried out first, and status 0 closes the connection without an answer.
  fault: (fault) => { world.faults.push({ times: 1, status: 502, body: { message: 'Bad Gateway' }, ...fault }); return {}; },
  requests: () => { const list = world.requests; world.requests = []; return list; },
  state: () => ({ comments: world.comments, reviewComments: world.reviewComments, reviews: world.reviews, runs: world.runs, statuses: world.statuses, reactions: world.reactions, tokensMade: world.tokensMade }),
  payload: (wish) => payloadFor(world, wish),
  // {url, event, …} or {url, event, payload}: signs and sends a webhook, returns what came back.
  deliver: (wish) => deliver(world, wish),
};

// --- one request --------------------------------------------------------------------------------------------------

async function answerTo(context) {
  const { request } = context;
  if (context.path.startsWith('/_control/')) {
    const command = control[context.path.slice('/_control/'.length)];
    if (!command) throw new Refusal(404, 'no such control');
    return json(200, await command(context.body.length ? JSON.parse(context.body) : {}));
  }
  for (const { method, regex, names, who, handler } of routes) {
    const match = method === request.method && regex.exec(context.path);
    if (!match) continue;
    names.forEach((name, i) => { context[name] = decodeURIComponent(match[i + 1]); });
    const asker = whoAsks(request);
    if (!asker) throw new Refusal(401, 'Bad credentials');
    const allowed = { any: ['installation', 'user'], writer: ['installation', 'user'], installation: ['installation'], app: ['app'] }[who];
    if (!allowed.includes(asker.kind)) throw new Refusal(403, 'Resource not accessible by integration');
    context.asker = asker.login;
    return handler(context);
  }
  throw new Refusal(404, `the fake has no ${request.method} ${context.path}`);
}

function faultFor(context) {
  const line = `${context.request.method} ${context.path}`;
  const fault = world.faults.find((f) => f.times > 0 && new RegExp(`^${f.match}$`).test(line));
  if (fault) fault.times--;
  return fault;
}

async function serve(request, response) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const url = new URL(request.url, 'http://fake');
  const context = { request, path: url.pathname.replace(/^\/api\/v3/, ''), query: url.searchParams, accept: request.headers.accept ?? '', body: Buffer.concat(chunks).toString('utf8') };
  const visible = !context.path.startsWith('/_control/');
  const fault = visible ? faultFor(context) : undefined;
  let answer;
  try {
    if (!fault || fault.after) answer = await answerTo(context);
    if (fault) answer = json(fault.status, { documentation_url: 'https://docs.github.com/rest', ...fault.body }, fault.headers);
  } catch (error) {
    if (error instanceof Refusal) answer = json(error.status, { message: error.message, errors: error.errors, documentation_url: 'https://docs.github.com/rest' });
    else answer = json(500, { message: String(error.stack ?? error) });
  }
  if (visible) world.requests.push({ method: request.method, path: context.path, query: url.search, accept: context.accept, status: answer.status, version: request.headers['x-github-api-version'], agent: request.headers['user-agent'] });
  if (answer.status === 0) return request.socket.destroy();
  response.writeHead(answer.status, answer.headers);
  response.end(answer.body);
}

const server = http.createServer((request, response) => { serve(request, response); });
server.listen(Number(process.argv[2] ?? 0), '127.0.0.1', () => console.log(`listening ${server.address().port}`));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => { fs.rmSync(root, { recursive: true, force: true }); process.exit(0); });
