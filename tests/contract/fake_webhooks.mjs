// Webhooks as GitHub sends them: payloads for the fake's own changes, signed over the raw body.
import crypto from 'node:crypto';

const account = (login) => ({ login, type: login.endsWith('[bot]') ? 'Bot' : 'User' });

// {event, repo, number, action, login, comment, inline, body, head, base, ref, run, changes}
export function payloadFor(world, wish) {
  const { event, repo, number, action, login = 'ada' } = wish;
  const pull = world.pulls.get(`${repo}#${number}`);
  const common = {
    action, sender: account(login), installation: { id: world.app.installation },
    repository: { id: 1, full_name: repo, private: world.repos.get(repo)?.private ?? false },
  };
  const side = (sha, ref) => ({ sha, ref, repo: { id: 1, full_name: repo } });
  const change = pull && {
    number, title: pull.title, body: pull.body, state: pull.state, draft: pull.draft, updated_at: new Date().toISOString(),
    user: account(pull.author), head: side(pull.head, pull.branch), base: side(pull.base, pull.baseRef),
  };
  const comment = { id: wish.comment, body: wish.body, user: account(login), updated_at: new Date().toISOString() };
  switch (event) {
    case 'pull_request': return { ...common, number, pull_request: change, changes: wish.changes };
    case 'issue_comment': return { ...common, comment, issue: { number, pull_request: {} }, changes: wish.changes };
    case 'pull_request_review_comment': return { ...common, comment, pull_request: change, changes: wish.changes };
    case 'check_run': {
      const run = world.runs.find((item) => item.id === wish.run);
      return { ...common, check_run: { ...run, pull_requests: [] }, requested_action: wish.requested_action };
    }
    case 'check_suite': return { ...common, check_suite: { head_sha: wish.head, pull_requests: [] } };
    case 'merge_group': return { ...common, merge_group: { head_sha: wish.head, base_sha: wish.base, head_ref: wish.ref } };
    default: return common;
  }
}

// {url, event, payload | what payloadFor takes, form, delivery, secret}
export async function deliver(world, wish) {
  const text = JSON.stringify(wish.payload ?? payloadFor(world, wish));
  const body = wish.form ? `payload=${encodeURIComponent(text)}` : text;
  const delivery = wish.delivery ?? crypto.randomUUID();
  const answer = await fetch(wish.url, {
    method: 'POST', body,
    headers: {
      'content-type': wish.form ? 'application/x-www-form-urlencoded' : 'application/json',
      'user-agent': 'GitHub-Hookshot/fake', 'x-github-event': wish.event, 'x-github-delivery': delivery,
      'x-hub-signature-256': `sha256=${crypto.createHmac('sha256', wish.secret ?? world.secret).update(body).digest('hex')}`,
    },
  });
  return { status: answer.status, body: await answer.text(), delivery };
}
