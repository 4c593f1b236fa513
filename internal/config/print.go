package config

import (
	"fmt"
	"io"
	"reflect"
	"strings"
)

// Print writes what is in force in cfg, one NAME=value per line, secrets as ***.
// cfg is the struct that Parse returned, with the same prefix.
func Print(w io.Writer, cfg any, prefix string) error {
	v := reflect.Indirect(reflect.ValueOf(cfg))
	for _, s := range settingsOf(v.Type(), prefix, nil) {
		if _, err := fmt.Fprintf(w, "%s=%s\n", s.Name, show(v.FieldByIndex(s.index))); err != nil {
			return fmt.Errorf("print the configuration: %w", err)
		}
	}
	return nil
}

func show(v reflect.Value) string {
	if v.Kind() == reflect.Slice {
		parts := make([]string, v.Len())
		for i := range parts {
			parts[i] = fmt.Sprint(v.Index(i))
		}
		return strings.Join(parts, ",")
	}
	return fmt.Sprint(v.Interface())
}

// Table writes settings as a Markdown table, for a service's README.
func Table(w io.Writer, settings []Setting) error {
	var b strings.Builder
	b.WriteString("| variable | type | default | meaning |\n|---|---|---|---|\n")
	for _, s := range settings {
		def := "`" + s.Default + "`"
		switch {
		case s.Required:
			def = "required"
		case s.Default == "":
			def = ""
		}
		name := "`" + s.Name + "`"
		if s.Secret {
			name += " or `" + s.Name + "_FILE`"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", name, s.Type, def, strings.ReplaceAll(s.Doc, "|", `\|`))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// Example writes settings as a .env file in which required ones are to be filled
// in and the others are comments that show their defaults.
func Example(w io.Writer, settings []Setting) error {
	var b strings.Builder
	for _, s := range settings {
		fmt.Fprintf(&b, "# %s\n", s.Doc)
		if !s.Required {
			b.WriteByte('#')
		}
		fmt.Fprintf(&b, "%s=%s\n", s.Name, s.Default)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
