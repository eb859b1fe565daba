export {
  compileTemplate,
  templateJson,
  type Rendered,
  type Template,
  type TemplateFault,
  type TemplateJson,
} from './template.ts'
