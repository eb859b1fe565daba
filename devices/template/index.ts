export { compileTemplate, type Rendered, type Template, type TemplateFault } from './template.ts'
