// Checks the documents of a YAML file against the schemas that Kubernetes publishes with its API, as the npm package kubernetes-models
// carries them, compiled: check-manifests.js NODE_MODULES FILE. Prints {"documents": [...], "errors": [...]}.
//
// A schema of Kubernetes takes any property. So that a misspelt one is found, the validator is given a document that notes which of its
// properties it reads: it reads all that the schema names.
const fs = require('node:fs');
const path = require('node:path');
const [modules, file] = process.argv.slice(2).map((name) => path.resolve(name));
const yaml = require(path.join(modules, 'yaml'));

function observed(value, place, read) {
  if (value === null || typeof value !== 'object') {
    return value;
  }
  return new Proxy(value, {
    get(target, key) {
      if (typeof key === 'string' && Object.hasOwn(target, key)) {
        read.add(`${place}/${key}`);
      }
      return observed(target[key], `${place}/${String(key)}`, read);
    },
  });
}

function* properties(value, place) {
  if (value !== null && typeof value === 'object') {
    for (const key of Object.keys(value)) {
      yield `${place}/${key}`;
      yield* properties(value[key], `${place}/${key}`);
    }
  }
}

function schemaOf({ apiVersion, kind }) {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['core', apiVersion];
  const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
  return require(path.join(modules, 'kubernetes-models', '_schemas', `IoK8sApi${capital(group)}${capital(version)}${kind}.js`)).validate;
}

const documents = yaml.parseAllDocuments(fs.readFileSync(file, 'utf8'), { strict: true, uniqueKeys: true });
const errors = documents.flatMap((document) => document.errors.map((error) => error.message));
const contents = documents.map((document) => document.toJS());
for (const content of errors.length > 0 ? [] : contents) {
  const validate = schemaOf(content);
  const read = new Set();
  if (!validate(observed(content, '', read))) {
    errors.push(...validate.errors.map((error) => `${error.instancePath}: ${error.keyword} ${JSON.stringify(error.params)}`));
  }
  for (const place of properties(content, '')) {
    const parent = place.slice(0, place.lastIndexOf('/'));
    if (!read.has(place) && (parent === '' || read.has(parent))) {
      errors.push(`${place}: no such property`);
    }
  }
}
console.log(JSON.stringify({ documents: contents, errors }));
