"""JSON Schemas of our documents, as files for tools in any language. A test keeps them in step with the records."""
