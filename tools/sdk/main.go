// Makes the SDKs of other languages: sdk SCHEMA FOLDER. FOLDER/LANGUAGE is written anew for each language.
//
// Pulumi's own generators, without a language host: those of this version cannot be fetched as Go modules.
package main

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	golang "github.com/pulumi/pulumi/pkg/v3/codegen/go"
	"github.com/pulumi/pulumi/pkg/v3/codegen/nodejs"
	"github.com/pulumi/pulumi/pkg/v3/codegen/python"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
	"golang.org/x/mod/modfile"
)

const tool = "make sdk"
const pulumi = "github.com/pulumi/pulumi/sdk/v3"

//go:embed go.mod
var own []byte

// Without a loader: it is for packages that depend on others.
var languages = map[string]func(*schema.Package) (map[string][]byte, error){
	"go": func(p *schema.Package) (map[string][]byte, error) {
		files, err := golang.GeneratePackage(tool, p, nil)
		if err == nil {
			files["go.mod"], err = module(p.Language["go"].(golang.GoPackageInfo).ModulePath)
		}
		return files, err
	},
	"nodejs": func(p *schema.Package) (map[string][]byte, error) {
		return nodejs.GeneratePackage(tool, p, nil, nil, false, nil)
	},
	"python": func(p *schema.Package) (map[string][]byte, error) {
		return python.GeneratePackage(tool, p, nil, nil)
	},
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: sdk SCHEMA FOLDER")
		os.Exit(2)
	}
	if err := generate(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func generate(file, folder string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	for language, make := range languages {
		// A package each: a generator writes into what it is given.
		var spec schema.PackageSpec
		if err := json.Unmarshal(text, &spec); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		bound, err := schema.ImportSpec(spec, nil, schema.NewNullLoader(), schema.ValidationOptions{})
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		files, err := make(bound)
		if err != nil {
			return fmt.Errorf("%s: %w", language, err)
		}
		if err := write(filepath.Join(folder, language), files); err != nil {
			return err
		}
	}
	return nil
}

func write(folder string, files map[string][]byte) error {
	if err := os.RemoveAll(folder); err != nil {
		return err
	}
	for name, text := range files {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// The go.mod of the Go SDK, which its generator leaves to others: with the Pulumi and the Go of this one.
func module(path string) ([]byte, error) {
	parsed, err := modfile.Parse("go.mod", own, nil)
	if err != nil {
		return nil, err
	}
	for _, needed := range parsed.Require {
		if needed.Mod.Path == pulumi {
			text := fmt.Sprintf("module %s\n\ngo %s\n\nrequire %s %s\n", path, parsed.Go.Version, pulumi, needed.Mod.Version)
			return []byte(text), nil
		}
	}
	return nil, fmt.Errorf("go.mod does not require %s", pulumi)
}
