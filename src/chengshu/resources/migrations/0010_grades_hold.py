"""What holds of grades from now on; apart from the values, for PostgreSQL takes no new rule while rows have changes under way."""

from django.db import migrations, models
from django.db.models import F


class Migration(migrations.Migration):
    dependencies = [("resources", "0009_grades")]

    operations = [
        migrations.AddConstraint(
            model_name="field",
            constraint=models.CheckConstraint(
                condition=models.Q(grade__gte=F("own_grade")), name="field_grade_covers_its_own"
            ),
        ),
        migrations.AddConstraint(
            model_name="field",
            constraint=models.CheckConstraint(
                condition=models.Q(grade__gte=F("origin_grade")), name="field_grade_covers_its_origins"
            ),
        ),
    ]
