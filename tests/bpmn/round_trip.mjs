// Reads BPMN files with bpmn-moddle and the qt descriptor, writes them again, as bpmn-js does.
// node round_trip.mjs MODDLE DESCRIPTOR FILE... -> JSON on standard output: [{warnings, xml, step}]
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const [moddle, descriptor, ...files] = process.argv.slice(2);
const { BpmnModdle } = await import(pathToFileURL(moddle).href);
const reader = new BpmnModdle({ qt: JSON.parse(readFileSync(descriptor, 'utf8')) });
const results = [];
for (const file of files) {
  const { rootElement, warnings } = await reader.fromXML(readFileSync(file, 'utf8'));
  const process_ = rootElement.rootElements.find(element => element.$type === 'bpmn:Process');
  const steps = process_.flowElements
    .filter(element => element.$type === 'bpmn:UserTask')
    .map(element => element.extensionElements.values[0]);
  const { xml } = await reader.toXML(rootElement, { format: true });
  results.push({
    warnings: warnings.map(warning => warning.message),
    xml,
    steps: steps.map(step => [step.$type, step.status, (step.limits || []).map(l => l.$type)]),
  });
}
process.stdout.write(JSON.stringify(results));
