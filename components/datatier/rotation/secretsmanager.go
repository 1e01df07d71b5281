package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"
)

// passwordLength and withoutCharacters make passwords that need no escaping in a
// URL, nor in the secret's JSON, and that RDS takes.
const (
	passwordLength    = 40
	withoutCharacters = "!\"#$%&'()*+,/:;<=>?@[\\]^`{|}"
)

// manager is Secrets Manager of the function's own region.
type manager struct{ *secretsmanager.Client }

func (m manager) stages(ctx context.Context, secret string) (map[string][]string, bool, error) {
	d, err := m.DescribeSecret(ctx, &secretsmanager.DescribeSecretInput{SecretId: &secret})
	if err != nil {
		return nil, false, err
	}
	return d.VersionIdsToStages, aws.ToBool(d.RotationEnabled), nil
}

func (m manager) value(ctx context.Context, secret, id, stage string) (string, error) {
	in := &secretsmanager.GetSecretValueInput{SecretId: &secret, VersionStage: &stage}
	if id != "" {
		in.VersionId = &id
	}
	v, err := m.GetSecretValue(ctx, in)
	var missing *types.ResourceNotFoundException
	if errors.As(err, &missing) {
		return "", errNoVersion
	}
	if err != nil {
		return "", err
	}
	return aws.ToString(v.SecretString), nil
}

func (m manager) put(ctx context.Context, secret, id, value string) error {
	_, err := m.PutSecretValue(ctx, &secretsmanager.PutSecretValueInput{
		SecretId: &secret, ClientRequestToken: &id, SecretString: &value, VersionStages: []string{pending},
	})
	return err
}

func (m manager) makeCurrent(ctx context.Context, secret, from, to string) error {
	stage := current
	in := &secretsmanager.UpdateSecretVersionStageInput{SecretId: &secret, VersionStage: &stage, MoveToVersionId: &to}
	if from != "" {
		in.RemoveFromVersionId = &from
	}
	_, err := m.UpdateSecretVersionStage(ctx, in)
	return err
}

func (m manager) password(ctx context.Context) (string, error) {
	p, err := m.GetRandomPassword(ctx, &secretsmanager.GetRandomPasswordInput{
		PasswordLength: aws.Int64(passwordLength), ExcludeCharacters: aws.String(withoutCharacters),
	})
	if err != nil {
		return "", err
	}
	return aws.ToString(p.RandomPassword), nil
}

// made returns when the secret's current version was written.
func (m manager) made(ctx context.Context, secret string) (time.Time, error) {
	pages := secretsmanager.NewListSecretVersionIdsPaginator(m.Client, &secretsmanager.ListSecretVersionIdsInput{SecretId: &secret})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return time.Time{}, err
		}
		for _, v := range page.Versions {
			if has(v.VersionStages, current) && v.CreatedDate != nil {
				return *v.CreatedDate, nil
			}
		}
	}
	return time.Time{}, fmt.Errorf("%w: %s", errNoVersion, current)
}
