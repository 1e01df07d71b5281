package check_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/util/validation/field"

	"github.com/tandem-platform/tandem/internal/check"
)

func TestNoProblemIsNoError(t *testing.T) {
	require.NoError(t, check.Error("network \"east\"", nil))
}

func TestEveryProblemIsListedWithPathValueAndRemedy(t *testing.T) {
	err := check.Error(`network "east"`, field.ErrorList{
		field.Invalid(field.NewPath("cidr"), "10.0.0.0/8", "must have a prefix length of 16 to 20; use 10.0.0.0/16"),
		field.NotSupported(field.NewPath("nat"), "none?", []string{"none", "single"}),
	})
	require.EqualError(t, err, `network "east": 2 problems
  cidr: Invalid value: "10.0.0.0/8": must have a prefix length of 16 to 20; use 10.0.0.0/16
  nat: Unsupported value: "none?": supported values: "none", "single"`)
}

func TestSingleErrorsStayReachable(t *testing.T) {
	err := check.Error("x", field.ErrorList{field.Required(field.NewPath("zones"), "give at least two zones")})
	var one *field.Error
	require.True(t, errors.As(err, &one))
	require.Equal(t, "zones", one.Field)
}
