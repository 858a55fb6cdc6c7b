"""What can be drawn of a matter: the flow chart (权力运行流程图) as SVG, BPMN 2.0 with its diagram, Mermaid text."""
