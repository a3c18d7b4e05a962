"""From now on the database itself refuses to change or remove what the audit keeps."""

from django.db import migrations

from chengshu.kernel.audit.operations.guards import install_guards, remove_guards


class Migration(migrations.Migration):

    dependencies = [
        ("audit", "0003_chain_old_entries"),
    ]

    operations = [
        migrations.RunPython(
            lambda _apps, schema_editor: install_guards(schema_editor.connection),
            lambda _apps, schema_editor: remove_guards(schema_editor.connection),
        ),
    ]
