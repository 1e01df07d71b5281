package kube

import "k8s.io/apimachinery/pkg/util/validation/field"

func (c *checker) rules(at *field.Path, s *Schema, v map[string]any, old map[string]any) {}
