from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_role_groups")]

    operations = [
        migrations.CreateModel(
            name="AddressThrottle",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("address_digest", models.CharField(help_text="来源地址的带密钥摘要，不存原文", max_length=64, unique=True, verbose_name="来源摘要")),
                ("failures", models.PositiveIntegerField(default=0, help_text="自起算时刻以来失败的次数", verbose_name="失败次数")),
                ("counted_since", models.DateTimeField(help_text="从这一刻起计数，过了暂停时长就重新起算", verbose_name="起算时刻")),
                ("paused_until", models.DateTimeField(blank=True, help_text="此刻之前不接受来自该地址的登录", null=True, verbose_name="暂停至")),
            ],
            options={"verbose_name": "来源限制", "verbose_name_plural": "来源限制"},
        ),
    ]
