// A repository of the fake host: a real bare git repository, so that diffs, blobs and commits are git's own.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const environment = {
  PATH: process.env.PATH, HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_DATE: '1760000000 +0000', GIT_COMMITTER_DATE: '1760000000 +0000', LC_ALL: 'C',
};

export class Repo {
  constructor(root, name) {
    this.name = name;
    this.dir = path.join(root, `${name}.git`);
    fs.mkdirSync(this.dir, { recursive: true });
    this.git(['init', '-q', '--bare', '-b', 'main']);
    // As GitHub does: any commit of a change can be fetched by its id.
    this.git(['config', 'uploadpack.allowAnySHA1InWant', 'true']);
    this.memo = new Map();
  }

  run(args, input) {
    const done = spawnSync('git', ['--git-dir', this.dir, ...args],
      { input, env: environment, maxBuffer: 1 << 30 });
    if (done.error) throw done.error;
    return done;
  }
  git(args, input) {
    const done = this.run(args, input);
    if (done.status !== 0) throw new Error(`git ${args[0]}: ${done.stderr}`);
    return done.stdout;
  }
  text(args) { return this.git(args).toString('utf8').trim(); }

  has(sha) { return this.run(['cat-file', '-e', `${sha}^{commit}`]).status === 0; }
  mergeBase(a, b) { return this.text(['merge-base', a, b]); }

  // One commit on `ref` (made when it does not exist): files by path, null to delete, {base64} for bytes, {link} for
  // a symbolic link. Returns its id.
  commit(ref, { message = 'change', files = {}, author = 'Ada <ada@example.org>', from, merge }) {
    const parts = [];
    const out = (text) => parts.push(Buffer.from(text));
    const data = (bytes) => { out(`data ${bytes.length}\n`); parts.push(bytes); out('\n'); };
    out(`commit ${ref}\nauthor ${author} 1760000000 +0000\ncommitter ${author} 1760000000 +0000\n`);
    data(Buffer.from(message));
    const parent = from ?? (this.run(['rev-parse', '-q', '--verify', ref]).status === 0 ? `${ref}^0` : null);
    if (parent) out(`from ${parent}\n`);
    if (merge) out(`merge ${merge}\n`);
    for (const [name, content] of Object.entries(files)) {
      if (content === null) { out(`D ${name}\n`); continue; }
      const bytes = typeof content === 'string' ? Buffer.from(content)
        : content.base64 !== undefined ? Buffer.from(content.base64, 'base64') : Buffer.from(content.link);
      out(`M ${content.link ? '120000' : '100644'} inline ${name}\n`);
      data(bytes);
    }
    this.git(['fast-import', '--quiet', '--force'], Buffer.concat(parts));
    return this.text(['rev-parse', ref]);
  }

  diff(from, to) {
    const key = `diff ${from} ${to}`;
    if (!this.memo.has(key)) {
      this.memo.set(key, this.git(['diff', '--no-color', '--no-ext-diff', '--full-index', '-M', from, to]));
    }
    return this.memo.get(key);
  }

  // What the list of files says about each, with the patch cut from git's own diff.
  files(from, to) {
    const key = `files ${from} ${to}`;
    if (this.memo.has(key)) return this.memo.get(key);
    const raw = this.git(['diff', '--raw', '-z', '--no-abbrev', '-M', from, to]).toString('utf8').split('\0');
    const numbers = this.git(['diff', '--numstat', '-z', '-M', from, to]).toString('utf8').split('\0');
    const patches = this.diff(from, to).toString('utf8').split(/^(?=diff --git )/m);
    const words = { A: 'added', D: 'removed', M: 'modified', R: 'renamed', C: 'copied', T: 'changed' };
    const list = [];
    for (let i = 0, n = 0, p = 0; i + 1 < raw.length; p++) {
      const [, , oldSha, newSha, letter] = raw[i++].split(' ');
      const moved = letter[0] === 'R' || letter[0] === 'C';
      const previous = raw[i++];
      const filename = moved ? raw[i++] : previous;
      const [added, removed] = numbers[n++].split('\t');
      if (moved) n += 2;
      const at = patches[p].indexOf('\n@@ ');
      list.push({
        filename, previous_filename: moved ? previous : undefined, status: words[letter[0]],
        sha: letter[0] === 'D' ? oldSha : newSha,
        additions: Number(added) || 0, deletions: Number(removed) || 0,
        changes: (Number(added) || 0) + (Number(removed) || 0),
        patch: at < 0 ? undefined : patches[p].slice(at + 1).replace(/\n$/, ''),
      });
    }
    this.memo.set(key, list);
    return list;
  }

  commits(from, to) {
    const fields = ['%H', '%P', '%an', '%ae', '%B'].join('%x01');
    const out = this.git(['log', '--reverse', '--topo-order', `--format=${fields}%x02`, `${from}..${to}`]).toString('utf8');
    return out.split('\x02\n').filter((item) => item.includes('\x01')).map((item) => {
      const [sha, parents, name, email, message] = item.split('\x01');
      return { sha, parents: parents.split(' ').filter(Boolean), name, email, message: message.trimEnd() };
    });
  }

  show(commit, file) {
    const type = this.run(['cat-file', '-t', `${commit}:${file}`]);
    if (type.status !== 0 || type.stdout.toString().trim() !== 'blob') return null;
    return this.git(['cat-file', 'blob', `${commit}:${file}`]);
  }
  blob(sha) {
    const done = this.run(['cat-file', 'blob', sha]);
    return done.status === 0 ? done.stdout : null;
  }
}

// The lines that can carry a comment, per hunk: "LEFT 12", "RIGHT 13". From a patch as git writes it.
export function anchors(patch) {
  const hunks = [];
  let left = 0, right = 0;
  for (const line of (patch ?? '').split('\n')) {
    const head = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/.exec(line);
    if (head) {
      left = Number(head[1]);
      right = Number(head[2]);
      hunks.push(new Set());
    } else if (line[0] === '+') {
      hunks.at(-1)?.add(`RIGHT ${right++}`);
    } else if (line[0] === '-') {
      hunks.at(-1)?.add(`LEFT ${left++}`);
    } else if (line[0] === ' ') {
      hunks.at(-1)?.add(`LEFT ${left++}`).add(`RIGHT ${right++}`);
    }
  }
  return hunks;
}
