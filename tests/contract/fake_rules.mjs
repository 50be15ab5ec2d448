// What GitHub refuses and its API description does not say.
export const limits = {
  perPage: 100, diffFiles: 300, diffLines: 20_000, diffBytes: 1_000_000, listedFiles: 3_000, comparedFiles: 300,
  listedCommits: 250, body: 65_536, description: 140, annotations: 50,
};

export class Refusal extends Error {
  constructor(status, message, errors) {
    super(message);
    this.status = status;
    this.errors = errors;
  }
}

const fields = {
  comment: { body: 'text' },
  reaction: { content: 'text' },
  status: { state: 'text', target_url: 'text', description: 'text', context: 'text' },
  review: { commit_id: 'text', body: 'text', event: 'text', comments: 'list' },
  'review comment': { path: 'text', body: 'text', line: 'number', side: 'text', start_line: 'number', start_side: 'text' },
  'check-run': { name: 'text', head_sha: 'text', details_url: 'text', external_id: 'text', status: 'text', started_at: 'text', conclusion: 'text', completed_at: 'text', output: 'object', actions: 'list' },
  output: { title: 'text', summary: 'text', text: 'text', annotations: 'list', images: 'list' },
  annotation: { path: 'text', start_line: 'number', end_line: 'number', start_column: 'number', end_column: 'number', annotation_level: 'text', message: 'text', title: 'text', raw_details: 'text' },
};

function known(value, kind) {
  for (const key of Object.keys(value)) {
    if (!fields[kind][key]) throw new Refusal(422, `unknown field ${key} in a ${kind}`);
  }
  return value;
}

function tooLong(text, most, what) {
  if ([...(text ?? '')].length > most) throw new Refusal(422, `${what} is too long (maximum is ${most} characters)`);
}

export function checkBody(text, kind) {
  const body = known(JSON.parse(text || '{}'), kind);
  if (kind === 'comment' || kind === 'review') {
    if (!body.body?.trim()) throw new Refusal(422, 'Body cannot be blank');
    tooLong(body.body, limits.body, 'Body');
  }
  if (kind === 'review') {
    if (!body.event) throw new Refusal(422, 'a review without an event stays pending');
    for (const comment of body.comments ?? []) {
      known(comment, 'review comment');
      tooLong(comment.body, limits.body, 'Body');
    }
  }
  if (kind === 'status') tooLong(body.description, limits.description, 'description');
  if (kind === 'check-run') checkRun(body);
  return body;
}

function checkRun(body) {
  if (body.status === 'completed' && !body.conclusion) throw new Refusal(422, 'a completed check run needs a conclusion');
  if (body.conclusion && body.status !== 'completed') throw new Refusal(422, 'a conclusion without status completed');
  if (body.output) {
    known(body.output, 'output');
    for (const annotation of body.output.annotations ?? []) {
      known(annotation, 'annotation');
      if (annotation.end_line < annotation.start_line) throw new Refusal(422, 'an annotation ends before it starts');
      tooLong(annotation.title, 255, 'title');
    }
    if ((body.output.annotations?.length ?? 0) > limits.annotations) throw new Refusal(422, 'over 50 annotations');
  }
  if ((body.actions?.length ?? 0) > 3) throw new Refusal(422, 'over 3 actions');
  for (const action of body.actions ?? []) {
    tooLong(action.label, 20, 'label');
    tooLong(action.description, 40, 'description');
    tooLong(action.identifier, 20, 'identifier');
  }
}
